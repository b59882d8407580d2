import { createHash } from 'node:crypto'
import { lstat, mkdir, readdir, readFile, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { emptyDocument } from '#shared/document'
import { withArchive } from '#engine/project/archive'
import { readableParts, type NewPart } from '#engine/project/readableParts'
import { previousVersionOf, writeArchive } from '#engine/project/writeArchive'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { filmOf, startEngine } from '../../../fixtures/projects'

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
const document = { name: 'document.json', bytes: json({ version: 1 }) }
const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
const picture = { name: `pictures/${hash('a')}.png`, bytes: Buffer.from('a') }

/** Results, each with a key of its own of this many characters. */
function* frames(count: number, keyLength: number): Generator<NewPart> {
  const bytes = Buffer.from('x')
  for (let at = 0; at < count; at++) {
    const key = `${at}`.padEnd(keyLength, 'a long prompt, ')
    yield { name: `frames/${hash(key)}.png`, bytes, key }
  }
}

async function* inTurn(...lists: Iterable<NewPart>[]): AsyncGenerator<NewPart> {
  for (const list of lists) yield* list
}

/** Writes these parts, and returns the names of those that are read again with what was written. */
async function namesOf(...lists: Iterable<NewPart>[]): Promise<string[]> {
  const path = join(emptyFolder(), 'film.slerp')
  await writeArchive(path, inTurn(...lists), { overwrite: false })
  return withArchive(path, async ({ parts, read }) => {
    await read(document.name)
    return Object.keys(parts)
  })
}

/** Returns the parts that are written of these. */
async function keptOf(...lists: Iterable<NewPart>[]): Promise<NewPart[]> {
  const kept: NewPart[] = []
  for await (const part of readableParts('film.slerp', inTurn(...lists))) kept.push(part)
  return kept
}

describe('a project file that would be larger than is read', () => {
  it('leaves out frames beyond 100,000 parts', async () => {
    const kept = await keptOf([picture], frames(100_001, 8), [document])
    // hashes.json, which is written last, is a part too.
    expect(kept).toHaveLength(99_999)
    expect([kept[0], kept.at(-1)]).toEqual([picture, document])
  })

  it('leaves out frames whose keys make hashes.json larger than 128 MB', async () => {
    const kept = await keptOf([picture], frames(1_400, 100_000), [document])
    const listed = json(
      Object.fromEntries(kept.map(({ name, key }) => [name, { sha256: hash('x'), key }])),
    ).length
    expect(listed).toBeLessThanOrEqual(2 ** 27)
    expect(listed).toBeGreaterThan(2 ** 27 - 110_000)
    expect([kept[0], kept.at(-1)]).toEqual([picture, document])
  })

  it('leaves out a frame of more than 64 MB', async () => {
    const key = 'large'
    const large = { name: `frames/${hash(key)}.png`, bytes: Buffer.alloc(2 ** 26 + 1), key }
    expect(await keptOf([picture, large, document])).toEqual([picture, document])
  })

  it('opens with 40 MB of keys, however well they compress (would catch a project of long prompts that is refused)', async () => {
    expect(await namesOf(frames(400, 100_000), [document])).toHaveLength(401)
  })

  it('opens again although its document would grow too much (would catch notes that look like a zip bomb)', async () => {
    const repetitive = { ...document, bytes: json({ version: 1, notes: 'la '.repeat(2 ** 20) }) }
    expect(await namesOf([repetitive])).toEqual([document.name])
  })
})

it('writes 80,000 parts in a few seconds of computing time (would catch a search through all parts at each of them)', async () => {
  const path = join(emptyFolder(), 'film.slerp')
  const before = process.cpuUsage()
  await writeArchive(path, inTurn(frames(80_000, 8), [document]), { overwrite: false })
  const { user, system } = process.cpuUsage(before)
  // It takes about four, and took 70 when every part was searched for.
  expect((user + system) / 1e6).toBeLessThan(20)
})

it('names a folder in the place of the previous version, and leaves the project as it was (would catch a save refused because of a path that is fine)', async () => {
  const path = join(emptyFolder(), 'film.slerp')
  const previous = previousVersionOf(path)
  await writeArchive(path, inTurn([document]), { overwrite: false })
  const before = await readFile(path)
  await mkdir(previous)
  await expect(writeArchive(path, inTurn([picture, document]), { overwrite: true })).rejects.toMatchObject({
    code: 'UNWRITABLE',
    message: `Cannot keep the previous version as "${previous}": it is a folder: rename that folder, or save under another name.`,
  })
  expect(await readFile(path)).toEqual(before)
  expect((await readdir(dirname(path))).sort()).toEqual(['film.previous.slerp', 'film.slerp'])
})

describe('saving a project that could not be opened again', () => {
  const folder = emptyFolder()
  const path = join(folder, 'film.slerp')
  const engine = startEngine(folder)

  it('is refused for a document of more than 16 MB, and leaves the project as it was', async () => {
    await engine.save(path, filmOf([]))
    const notes = Array.from({ length: 2 ** 19 }, (_unused, at) => hash(`${at}`)).join('')
    await expect(engine.save(path, { ...filmOf([]), notes })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(
        /"document\.json" would have 34 MB, and at most 17 MB are read: shorten/,
      ) as string,
    })
    expect((await engine.open(path)).document.notes).toBe('')
  })

  it('is refused for more stops than are read', async () => {
    const { timeline } = emptyDocument()
    const stops = Array.from({ length: 10_001 }, (_unused, at) => ({ id: `${at}`, source: 'a' }))
    const saving = engine.save(path, { ...filmOf([]), timeline: { ...timeline, stops } })
    await expect(saving).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })
})

describe('saving a project through a symbolic link', () => {
  async function linkedProject(): Promise<{ path: string; first: Buffer; save(): Promise<number> }> {
    const folder = emptyFolder()
    await mkdir(join(folder, 'real'))
    const path = join(folder, 'film.slerp')
    await writeArchive(join(folder, 'real', 'film.slerp'), inTurn([document]), { overwrite: false })
    await symlink(join('real', 'film.slerp'), path)
    const later = { ...document, bytes: json({ version: 1, notes: 'later' }) }
    const save = (): Promise<number> => writeArchive(path, inTurn([later]), { overwrite: true })
    return { path, first: await readFile(path), save }
  }

  it('keeps the version before it (would catch a previous version that is the link again)', async () => {
    const { path, first, save } = await linkedProject()
    await save()
    expect(await readFile(path)).not.toEqual(first)
    expect((await lstat(path)).isSymbolicLink()).toBe(true)
    expect((await lstat(previousVersionOf(path))).isFile()).toBe(true)
    expect(await readFile(previousVersionOf(path))).toEqual(first)
  })

  it('replaces a previous version that is itself a link to the project, as earlier saves left it', async () => {
    const { path, first, save } = await linkedProject()
    await symlink(join('real', 'film.slerp'), previousVersionOf(path))
    await save()
    expect((await lstat(previousVersionOf(path))).isFile()).toBe(true)
    expect(await readFile(previousVersionOf(path))).toEqual(first)
  })
})

it('keeps the previous versions of two projects apart whose long names begin alike (would catch one that replaces the other)', async () => {
  const folder = emptyFolder()
  const paths = ['first', 'other'].map((name) => join(folder, `${'a'.repeat(240)}-${name}.slerp`))
  for (const text of ['old', 'new']) {
    for (const path of paths) {
      const part = { name: 'document.json', bytes: json({ version: 1, notes: `${text} ${path}` }) }
      await writeArchive(path, inTurn([part]), { overwrite: true })
    }
  }
  expect(await readdir(folder)).toHaveLength(4)
  for (const path of paths) {
    const notes = await withArchive(previousVersionOf(path), ({ read }) => read('document.json'))
    expect(notes.toString()).toContain(`old ${path}`)
  }
})
