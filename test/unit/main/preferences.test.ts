import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { JsonFolder } from '../../../src/main/JsonFolder'
import { openPreferences } from '../../../src/main/preferences'

let path: string
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'preferences-'))
})
afterEach(() => rm(path, { recursive: true }))

const file = () => join(path, 'preferences.json')
const open = async (content: unknown) => {
  await writeFile(file(), JSON.stringify(content))
  return openPreferences(new JsonFolder(path))
}
const onDisk = async () => JSON.parse(await readFile(file(), 'utf8')) as unknown

/** Settings of this version, none of them a default. */
const own = { threads: 3, modelPath: '/models/mine', downloads: false }

describe('preferences', () => {
  it.each([
    ['device', 'npu'],
    ['theme', 'sepia'],
    ['textSize', 110.5],
    ['modelReading', { prediction: 'edm' }],
    ['server', { url: 'ftp://server', model: 'unet' }],
  ])(
    'lose nothing but a value that only another version knows: %s (would catch all settings set aside)',
    async (name, value) => {
      const fresh = (await open({})).value
      const { value: read } = await open({ ...own, [name]: value })
      expect(read).toEqual({ ...fresh, ...own })
      expect(await readdir(path)).toEqual(['preferences.json'])
    },
  )

  it('read how a model is read one by one (would catch a factor lost with a prediction that only another version knows)', async () => {
    const { value } = await open({ ...own, modelReading: { prediction: 'edm', timestepScale: 0.001 } })
    expect(value.modelReading).toEqual({ timestepScale: 0.001 })
  })

  it('name what they cannot read in one notice, and nothing that is missing or forbids downloads', async () => {
    const folder = new JsonFolder(path)
    const modelReading = { prediction: 'edm', timestepScale: 0.001 }
    const content = { ...own, device: 'npu', theme: null, modelReading, downloads: 'never', hologram: 3 }
    await writeFile(file(), JSON.stringify(content))
    await openPreferences(folder)
    expect(folder.notices).toEqual([
      'Your preferences for "theme", "device", "modelReading.prediction" could not be read from preferences.json, so the defaults are in use: choose them again.',
    ])
  })

  it('are read without a notice if they are all known, or missing', async () => {
    for (const content of [{}, { ...own, modelReading: { prediction: 'epsilon' } }]) {
      const folder = new JsonFolder(path)
      await writeFile(file(), JSON.stringify(content))
      await openPreferences(folder)
      expect(folder.notices).toEqual([])
    }
  })

  it('write back what they cannot read, until it is changed', async () => {
    const foreign = { ...own, device: 'npu', theme: 'sepia', hologram: { depth: 3 } }
    const preferences = await open(foreign)
    await preferences.change({ theme: 'light' })
    expect(await onDisk()).toEqual({ ...foreign, theme: 'light' })
    expect(preferences.value).not.toHaveProperty('hologram')
  })

  it('remember the most recent of more model folders than this version keeps', async () => {
    const folders = Array.from({ length: 30 }, (_, at) => `/models/${at}`)
    const { value } = await open({ ...own, modelFolders: folders })
    expect(value).toMatchObject({ ...own, modelFolders: folders.slice(0, 20) })
  })

  it.each(['never', 0, null])('forbid downloads where they say %j about them', async (downloads) => {
    expect((await open({ downloads })).value.downloads).toBe(false)
  })

  it('allow downloads where they say nothing about them', async () => {
    expect((await open({ threads: 3 })).value).toMatchObject({ threads: 3, downloads: true })
  })
})
