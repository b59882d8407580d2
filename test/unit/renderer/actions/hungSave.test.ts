import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { emptyDocument } from '#shared/document'
import { edit } from '../../../../src/renderer/actions/document'
import { newProject, putWork } from '../../../../src/renderer/actions/project'
import { saveProject } from '../../../../src/renderer/actions/saveProject'
import { useDocument } from '../../../../src/renderer/stores/document'
import { useModel } from '../../../../src/renderer/stores/model'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { useProject } from '../../../../src/renderer/stores/project'
import { installFakeStudio, modelInfo } from '../fakeStudio'

const document = emptyDocument()
const change = (notes: string) => edit('Note', () => useDocument().change({ notes }))

/** A changed project on a disk that ends a save only when `ends` is called for it, first to last. */
function openFilm() {
  const ends: (() => void)[] = []
  const studio = installFakeStudio({
    'project.save': ({ path }: { path: string }) =>
      new Promise((resolve) => ends.push(() => resolve({ path, bytes: 1, leftOut: [] }))),
    'dialog.unsaved': () => 'discard',
  })
  useModel().info = modelInfo
  putWork({ document, path: '/films/film.slerp' })
  change('changed')
  const saves = () => studio.callsOf('project.save').map(({ input }) => input as Record<string, unknown>)
  return { studio, saves, ends }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Longer than anybody waits for a disk. */
const longWait = () => vi.advanceTimersByTimeAsync(30_000)

it('a save that never answers is not waited for forever before other work replaces it, which is asked about (would catch a dead New)', async () => {
  const { studio } = openFilm()
  void saveProject()
  const beginning = newProject()
  await vi.advanceTimersByTimeAsync(5000)
  expect(studio.callsOf('dialog.unsaved')).toEqual([])
  await longWait()
  await beginning
  expect(studio.callsOf('dialog.unsaved')).toHaveLength(1)
  expect(useNotices().log.map(({ title }) => title)).toContain('“film” is still being saved')
  expect([useProject().path, useDocument().value.notes]).toEqual([null, ''])
})

it('a save that never answers does not keep other work from being saved to another file', async () => {
  const { saves } = openFilm()
  void saveProject()
  await longWait()
  putWork({ document, path: '/films/b.slerp' })
  void saveProject()
  await longWait()
  expect(saves().map(({ path }) => path)).toEqual(['/films/film.slerp', '/films/b.slerp'])
})

it('a slow save is never overtaken by a newer save to the same file, which it would overwrite', async () => {
  const { saves, ends } = openFilm()
  void saveProject()
  await longWait()
  putWork({ document, path: '/films/film.slerp' })
  change('newest')
  const second = saveProject()
  await longWait()
  expect(ends).toHaveLength(1)
  ends[0]()
  await longWait()
  expect(saves().map((save) => save.document)).toMatchObject([{ notes: 'changed' }, { notes: 'newest' }])
  expect(useProject().saving).toBe(true)
  ends[1]()
  expect(await second).toBe(true)
  expect(useProject().dirty).toBe(false)
  await longWait()
  expect(useProject().saving).toBe(false)
})
