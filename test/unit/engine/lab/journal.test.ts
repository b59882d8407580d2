import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import type * as Files from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createJournal, readJournal, resumeJournal } from '#engine/lab/journal'
import { journalName } from '#shared/lab'
import { newFolder } from '../../../fixtures/cli'
import { entryOf, manifest } from './study'

/** The most bytes that one write takes, as on a disk that is nearly full. */
const disk = vi.hoisted(() => ({ takes: Infinity }))
vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof Files>()
  const open: typeof real.open = async (...args) => {
    const handle = await real.open(...args)
    const write = handle.write.bind(handle) as (...part: unknown[]) => unknown
    const short = (bytes: Uint8Array, offset: number, length: number, position: number) =>
      write(bytes, offset, Math.min(length, disk.takes), position)
    return Object.assign(handle, { write: short })
  }
  return { ...real, open }
})
afterEach(() => void (disk.takes = Infinity))

const [first, second] = [entryOf(0, [0.1, 0.2]), entryOf(1, [1e-12, 0])]

async function journalOf(...entries: (typeof first)[]): Promise<string> {
  const folder = newFolder()
  const journal = await createJournal(folder, manifest)
  for (const entry of entries) await journal.append(entry)
  return folder
}

async function entriesIn(folder: string) {
  return [...(await readJournal(folder)).entries.values()]
}

describe('a journal', () => {
  it('restores what was written, to the last digit', async () => {
    const folder = await journalOf(first, second)
    expect(await entriesIn(folder)).toEqual([first, second])
    expect((await readJournal(folder)).manifest).toEqual(manifest)
  })

  it.each([1, 2, 40, 200])(
    'loses only a last line that is cut %i bytes short, and can then be appended to',
    async (torn) => {
      const folder = await journalOf(first, second)
      const path = join(folder, journalName)
      const whole = readFileSync(path)
      truncateSync(path, whole.length - torn)
      expect(await entriesIn(folder)).toEqual([first])
      await (await resumeJournal(folder)).append(second)
      expect(readFileSync(path)).toEqual(whole)
    },
  )

  it('is truncated after its last valid line before appending, so that no rest of a longer torn line remains', async () => {
    const folder = await journalOf(first)
    appendFileSync(join(folder, journalName), `{"rule":${'x'.repeat(10_000)}\n{"more`)
    await (await resumeJournal(folder)).append(second)
    expect(await entriesIn(folder)).toEqual([first, second])
  })

  it('contains whole lines though each write takes only a part (would catch results lost after a nearly full disk)', async () => {
    const folder = newFolder()
    const journal = await createJournal(folder, manifest)
    disk.takes = 50
    for (const entry of [first, second]) await journal.append(entry)
    expect(await entriesIn(folder)).toEqual([first, second])
  })

  it('keeps the entries before a damaged line', async () => {
    const folder = await journalOf(first)
    appendFileSync(join(folder, journalName), `${JSON.stringify({ ...second, seconds: 'soon' })}\n`)
    expect(await entriesIn(folder)).toEqual([first])
  })

  it.each(['', 'no journal\n', '{"software":"another"}\n'])(
    'is rejected as unreadable when its content is %j',
    async (text) => {
      const folder = newFolder()
      writeFileSync(join(folder, journalName), text)
      await expect(readJournal(folder)).rejects.toMatchObject({ code: 'UNREADABLE' })
    },
  )

  it('is reported as NOT_FOUND in a folder that has none', async () => {
    await expect(readJournal(newFolder())).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
