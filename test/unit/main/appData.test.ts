import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { emptyDocument } from '#shared/document'
import { openAppData } from '../../../src/main/appData'

describe('app data', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'app-data-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('fills in defaults for preferences missing from an older version', async () => {
    await writeFile(join(folder, 'preferences.json'), '{ "threads": 3 }')
    const { preferences, notices } = await openAppData(folder)
    expect(preferences.value).toMatchObject({ threads: 3, modelPath: null })
    expect(notices).toEqual([])
  })

  it('forgets only the server of preferences whose server has an address that is no longer accepted, and says so', async () => {
    const old = { threads: 3, server: { url: 'http://user:secret@host', model: 'unet', fallback: 'wait' } }
    await writeFile(join(folder, 'preferences.json'), JSON.stringify(old))
    const { preferences, notices } = await openAppData(folder)
    expect(preferences.value).toMatchObject({ threads: 3, server: null })
    expect(notices).toEqual([expect.stringContaining('"server"')])
  })

  it('changes one preference and keeps the others', async () => {
    const { preferences } = await openAppData(folder)
    await preferences.change({ theme: 'light' })
    expect(await preferences.change({ threads: 4 })).toMatchObject({ theme: 'light', threads: 4 })
    expect((await openAppData(folder)).preferences.value).toMatchObject({ theme: 'light', threads: 4 })
  })

  it('lists recent pictures latest first, each once, at most ten', async () => {
    const { recent, idle } = await openAppData(folder)
    let changes = 0
    recent.onChange(() => changes++)
    for (let index = 0; index < 12; index++) recent.add([`${index}.png`])
    recent.add(['5.png'])
    expect(recent.paths.slice(0, 3)).toEqual(['5.png', '11.png', '10.png'])
    expect(recent.paths).toHaveLength(10)
    expect(new Set(recent.paths).size).toBe(10)
    expect(changes).toBe(13)
    recent.clear()
    await idle()
    expect((await openAppData(folder)).recent.paths).toEqual([])
  })

  it('opens even if every file is damaged, with a notice for each', async () => {
    const names = ['preferences', 'work', 'session', 'recent', 'projects', 'window']
    for (const name of names) await writeFile(join(folder, `${name}.json`), '[{')
    const data = await openAppData(folder)
    expect(data.work.last).toBeNull()
    expect(data.notices).toHaveLength(names.length)
  })

  it('keeps the work as it was rather than work that the next start could not read (would catch work set aside as damaged)', async () => {
    const { work } = await openAppData(folder)
    const document = { ...emptyDocument(), notes: 'three weeks' }
    await work.save({ document, path: null, from: null, name: 'Untitled', dirty: true })
    const marker = { id: 'm', frame: 0, name: '' }
    const timeline = { ...document.timeline, markers: Array(10_001).fill(marker) as (typeof marker)[] }
    const saving = work.save({
      document: { ...document, timeline },
      path: null,
      from: null,
      name: 'Untitled',
      dirty: true,
    })
    await expect(saving).rejects.toMatchObject({ code: 'BAD_INPUT' })
    const next = await openAppData(folder)
    expect(next.notices).toEqual([])
    expect(next.work.last?.document.notes).toBe('three weeks')
  })
})
