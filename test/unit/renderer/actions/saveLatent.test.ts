import { beforeEach, describe, expect, it } from 'vitest'
import type { DocumentLatent } from '#shared/document'
import { saveLatents } from '../../../../src/renderer/actions/saveLatent'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useModel } from '../../../../src/renderer/stores/model'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { useSettings } from '../../../../src/renderer/stores/settings'
import { failure, installFakeStudio, modelInfo } from '../fakeStudio'

const seed: DocumentLatent = { id: 's', name: 'Seed 1', kind: 'seed', seed: 1 }
const missing: DocumentLatent = { id: 'x', name: 'Missing', kind: 'unknown', value: null }
const mix: DocumentLatent = {
  id: 'm',
  name: 'Half a mix',
  kind: 'mix',
  parts: [
    { source: 's', weight: 1 },
    { source: 'x', weight: 1 },
  ],
}
const emptyMix: DocumentLatent = { id: 'e', name: 'Empty mix', kind: 'mix', parts: [] }

let studio: ReturnType<typeof installFakeStudio>
beforeEach(() => {
  studio = installFakeStudio({
    'dialog.saveLatent': ({ name }: { name: string }) => `/out/${name}`,
    'dialog.saveLatents': ({ names }: { names: string[] }) => names.map((name) => `/out/${name}`),
    'latent.save': () => null,
  })
  useModel().info = modelInfo
  useLibrary().addLatents([seed, missing, mix, emptyMix])
})

const written = () => studio.callsOf('latent.save').map(({ input }) => (input as { path: string }).path)

it('saves a latent and says where', async () => {
  await saveLatents([seed])
  expect(written()).toEqual(['/out/Seed 1'])
  expect(useNotices().notices).toMatchObject([
    { tone: 'good', title: 'Latent of Seed 1 saved', detail: '/out/Seed 1' },
  ])
})

it('saves a latent as it was when its place was asked for, whatever changes until the answer (would catch the latent of one setting with the decoding of another)', async () => {
  studio = installFakeStudio({
    'dialog.saveLatent': () => {
      const settings = useSettings()
      settings.encode = { ...settings.encode, endTimestep: 800 }
      settings.decode = { ...settings.decode, steps: 9 }
      useModel().info = { ...modelInfo, path: '/models/other' }
      return '/out/seed'
    },
    'latent.save': () => null,
  })
  useModel().info = modelInfo
  const settings = useSettings()
  settings.encode = { ...settings.encode, endTimestep: 900 }
  settings.decode = { ...settings.decode, steps: 23 }
  await saveLatents([seed])
  expect(studio.callsOf('latent.save')[0].input).toMatchObject({
    model: { path: '/models/m' },
    latent: { kind: 'seed', endTimestep: 900 },
    decode: { steps: 23 },
  })
})

it('asks for no file while no model is open, and says what to do', async () => {
  useModel().info = null
  await saveLatents([seed])
  expect(studio.calls).toEqual([])
  expect(useNotices().notices).toMatchObject([{ tone: 'bad', code: 'NOT_FOUND' }])
  expect(useNotices().notices[0].detail).toContain('open one under Models')
})

it.each([missing, mix, emptyMix])(
  'asks for no file for $name, which has no latent, and says why (would catch a file that is reported but never written)',
  async (item) => {
    await saveLatents([item])
    expect(studio.calls).toEqual([])
    expect(useNotices().notices).toMatchObject([{ tone: 'bad', title: 'The latent couldn’t be saved' }])
    expect(useNotices().notices[0].detail).toContain(`“${item.name}” can’t be made`)
  },
)

it('saves the others of a selection under their own names, and names those left out', async () => {
  const other: DocumentLatent = { ...seed, id: 't', name: 'Seed 2', seed: 2 }
  await saveLatents([mix, seed, missing, other])
  expect(written()).toEqual(['/out/Seed 1', '/out/Seed 2'])
  expect(useNotices().notices).toMatchObject([{ title: '2 of 4 latents saved' }])
  expect(useNotices().notices[0].detail).toMatch(/Half a mix.*\n.*Missing/)
})

it('names every item when a whole selection has no latent', async () => {
  await saveLatents([mix, missing])
  expect(studio.calls).toEqual([])
  expect(useNotices().notices).toMatchObject([{ tone: 'bad', title: 'The latents couldn’t be saved' }])
  expect(useNotices().notices[0].detail).toMatch(/Half a mix.*Missing/)
})

describe('a folder that has files of the same names', () => {
  const items = ['a', 'b', 'c'].map((name, at): DocumentLatent => ({ ...seedOf(name), seed: at }))
  /** What lies in the folder, and whether it is the user’s or was saved by the test. */
  let files: Map<string, 'theirs' | 'saved'>

  function seedOf(name: string): Extract<DocumentLatent, { kind: 'seed' }> {
    return { id: name, name, kind: 'seed', seed: 0 }
  }

  function installFolder(...theirs: string[]): void {
    files = new Map(theirs.map((name) => [`/out/${name}`, 'theirs']))
    studio = installFakeStudio({
      'dialog.saveLatents': ({ names }: { names: string[] }) => names.map((name) => `/out/${name}`),
      'latent.save': ({ path, overwrite }: { path: string; overwrite: boolean }) => {
        if (files.has(path) && !overwrite) throw failure('EXISTS', `Cannot write "${path}".`)
        files.set(path, 'saved')
        return null
      },
    })
    useModel().info = modelInfo
    useLibrary().addLatents(items)
  }

  it('is asked about once, with all of them named (would catch files replaced that the question did not name)', async () => {
    installFolder('a', 'c')
    await saveLatents(items)
    expect([...files.entries()]).toEqual([
      ['/out/a', 'theirs'],
      ['/out/c', 'theirs'],
      ['/out/b', 'saved'],
    ])
    const [notice] = useNotices().notices
    expect(notice).toMatchObject({ code: 'EXISTS', action: { label: 'Replace' } })
    expect(notice.detail).toContain('2 files: "/out/a", "/out/c"')
    notice.action!.run()
    await expect.poll(() => useNotices().notices.at(-1)?.title).toBe('3 latents saved')
    expect([...files.values()]).toEqual(['saved', 'saved', 'saved'])
  })

  it('keeps what is not named in the question, whatever has appeared since', async () => {
    installFolder('a')
    await saveLatents(items)
    expect(useNotices().notices[0].detail).toBe('Cannot write "/out/a".')
    files.set('/out/b', 'theirs')
    useNotices().notices[0].action!.run()
    await expect.poll(() => useNotices().notices.at(-1)?.tone).toBe('good')
    expect(files.get('/out/b')).toBe('theirs')
  })
})
