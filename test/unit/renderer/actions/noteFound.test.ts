import { expect, it } from 'vitest'
import { emptyDocument, type StudioDocument } from '#shared/document'
import { readDocument } from '#shared/readDocument'
import { history } from '../../../../src/renderer/actions/history'
import { importPaths } from '../../../../src/renderer/actions/importPictures'
import { renameItem } from '../../../../src/renderer/actions/pictureEdits'
import { putWork } from '../../../../src/renderer/actions/project'
import { useEncoding } from '../../../../src/renderer/stores/encoding'
import { newPicture, useLibrary } from '../../../../src/renderer/stores/library'
import { useMissing } from '../../../../src/renderer/stores/missing'
import { useModel } from '../../../../src/renderer/stores/model'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { failure, installFakeStudio, modelInfo, pictureInfo } from '../fakeStudio'

/** Opens a project whose files are on a disk that is not there, until `mount` is called. */
function openWithoutDisk(parts: Partial<StudioDocument>, missing: string[]) {
  let isMounted = false
  const fromDisk =
    <T>(result: T) =>
    () => {
      if (!isMounted) throw failure('NOT_FOUND')
      return result
    }
  const { callsOf } = installFakeStudio({
    'project.openExport': () => null,
    'library.import': ({ paths }: { paths: string[] }) => ({
      pictures: paths.map((path) => pictureInfo(path.replace('/pictures/', ''))),
      failures: [],
    }),
    'latent.fileKind': () => 'latent',
    'latent.encode': fromDisk({ fidelity: null }),
    'latent.info': fromDisk({}),
    'model.pace': () => ({ secondsPerEvaluation: 1, secondsPerBatchedEvaluation: 1, secondsPerDecoding: 1 }),
  })
  putWork({ document: { ...emptyDocument(), ...parts }, path: '/films/film.slerp', missing })
  useModel().info = modelInfo
  return { callsOf, mount: () => (isMounted = true) }
}

const relativePaths = () =>
  useLibrary().items.map((item) => ('relativePath' in item ? item.relativePath : undefined))
const missed = () => useLibrary().items.map((item) => useMissing().isMissing(item))

it('misses a picture no longer that is read again as it was, and encodes it if it is on the timeline (would catch one that stays missing)', async () => {
  const [a, b, c] = ['a.png', 'b.png', 'c.png'].map((name) => ({
    ...newPicture(pictureInfo(name)),
    relativePath: `/films/${name}`,
  }))
  const { stops } = readDocument({ version: 1, pictures: [a], timeline: { stops: [{ source: a.id }] } })
    .document.timeline
  const { callsOf, mount } = openWithoutDisk(
    { pictures: [a, b, c], timeline: { ...emptyDocument().timeline, stops } },
    [a, b, c].map(({ info }) => info.path),
  )
  useEncoding().enqueue([a])
  await expect.poll(() => useEncoding().queue).toEqual([])
  expect(useEncoding().stateOf(a).kind).toBe('missing')
  renameItem(useLibrary().pictures[0], 'Apple')
  mount()
  await importPaths(['/pictures/a.png', '/pictures/b.png'])
  expect(missed()).toEqual([false, false, true])
  expect(relativePaths()).toEqual([undefined, undefined, '/films/c.png'])
  await expect.poll(() => useEncoding().isReady(useLibrary().pictures[0])).toBe(true)
  expect(callsOf('latent.encode')).toHaveLength(2)
  expect(useNotices().notices.filter(({ title }) => title.includes('changed'))).toEqual([])
  history.undo()
  expect(useLibrary().pictures[0].name).toBe(a.name)
  expect(relativePaths()).toEqual([undefined, undefined, '/films/c.png'])
})

it('misses a latent file no longer that is read again', async () => {
  const latents = readDocument({
    version: 1,
    latents: ['own', 'other'].map((name) => ({
      id: name,
      kind: 'file',
      path: `/latents/${name}.npy`,
      relativePath: `/films/${name}.npy`,
    })),
  }).document.latents
  const { mount } = openWithoutDisk({ latents }, ['/latents/own.npy', '/latents/other.npy'])
  mount()
  await importPaths(['/latents/own.npy'])
  expect(missed()).toEqual([false, true])
  expect(relativePaths()).toEqual([undefined, '/films/other.npy'])
  expect(useLibrary().selectedIds).toEqual(['own'])
})

it('encodes a mix on the timeline, and a picture beside it that failed, once their file is back', async () => {
  const a = newPicture(pictureInfo('a.png'))
  const { latents, timeline } = readDocument({
    version: 1,
    pictures: [a],
    latents: [
      { id: 'mix', kind: 'mix', parts: [{ source: a.id }, { source: 'seed' }] },
      { id: 'seed', kind: 'seed', seed: 1 },
    ],
    timeline: { stops: [{ source: 'mix' }] },
  }).document
  const { mount } = openWithoutDisk({ pictures: [a], latents, timeline }, [a.info.path])
  const mix = () => useLibrary().byId.get('mix')!
  useEncoding().enqueue([a, mix()])
  await expect.poll(() => useEncoding().queue).toEqual([])
  expect([a, mix()].map((item) => useEncoding().stateOf(item).kind)).toEqual(['missing', 'missing'])
  mount()
  await importPaths(['/pictures/a.png'])
  await expect.poll(() => useEncoding().isReady(mix())).toBe(true)
  expect(useEncoding().isReady(useLibrary().pictures[0])).toBe(true)
})
