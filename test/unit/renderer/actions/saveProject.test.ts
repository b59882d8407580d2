import { expect, it } from 'vitest'
import { readDocument } from '#shared/readDocument'
import { history } from '../../../../src/renderer/actions/history'
import { edit } from '../../../../src/renderer/actions/document'
import { putWork } from '../../../../src/renderer/actions/project'
import {
  collectProject,
  duplicateProject,
  revertProject,
  saveProject,
} from '../../../../src/renderer/actions/saveProject'
import { useDocument } from '../../../../src/renderer/stores/document'
import { useModel } from '../../../../src/renderer/stores/model'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { useProject } from '../../../../src/renderer/stores/project'
import { installFakeStudio, modelInfo, pictureInfo } from '../fakeStudio'

const { document } = readDocument({
  version: 1,
  model: { name: 'gone', sha256: 'of a model that is not there', path: '' },
  pictures: [{ id: 'a', name: 'A', info: pictureInfo('a.png') }],
})

/** A window with a saved project whose notes have been changed. */
function openFilm(leftOut: string[] = []) {
  const studio = installFakeStudio({
    'project.save': ({ path }: { path: string }) => ({ path, bytes: 1, leftOut }),
    'dialog.saveProject': () => '/films/other.slerp',
  })
  useModel().info = modelInfo
  putWork({ document, path: '/films/film.slerp' })
  change('changed')
  return studio
}

const change = (notes: string) => edit('Note', () => useDocument().change({ notes }))
const savesOf = ({ callsOf }: ReturnType<typeof openFilm>) =>
  callsOf('project.save').map(({ input }) => input as Record<string, unknown>)

it('Save overwrites the project’s file, naming the same file as its source, and keeps the undo history', async () => {
  const studio = openFilm()
  expect(await saveProject()).toBe(true)
  expect(savesOf(studio)).toMatchObject([
    { path: '/films/film.slerp', from: '/films/film.slerp', overwrite: true, collect: false },
  ])
  expect(useProject().dirty).toBe(false)
  history.undo()
  expect(useDocument().value.notes).toBe('')
  expect(useProject().dirty).toBe(true)
})

it('Save keeps the name of a missing model and saves no model in its place (would catch results of another model)', async () => {
  const studio = openFilm()
  await saveProject()
  const [{ model, document: saved }] = savesOf(studio)
  expect(model).toBeNull()
  expect(saved).toMatchObject({ model: { name: 'gone', sha256: 'of a model that is not there' } })
  useModel().info = { ...modelInfo, sha256: 'another' }
  await saveProject()
  expect(savesOf(studio)[1]).toMatchObject({ model: {}, document: { model: { sha256: 'another' } } })
})

it('Duplicate has no file yet, and is saved with the original project as its source (would catch lost pictures)', async () => {
  const studio = openFilm()
  duplicateProject()
  const project = useProject()
  expect([project.path, project.name, project.dirty]).toEqual([null, 'film copy', true])
  await saveProject()
  expect(savesOf(studio)).toMatchObject([{ path: '/films/other.slerp', from: '/films/film.slerp' }])
  expect([project.path, project.dirty]).toEqual(['/films/other.slerp', false])
})

it('Revert returns to the saved work, and can be undone', () => {
  openFilm()
  revertProject()
  expect([useDocument().value.notes, useProject().dirty]).toEqual(['', false])
  history.undo()
  expect(useDocument().value.notes).toBe('changed')
})

it('Collect writes a copy, leaves the project where it is, and names missing pictures', async () => {
  const studio = openFilm(['/pictures/a.png'])
  await collectProject()
  expect(savesOf(studio)).toMatchObject([{ path: '/films/other.slerp', collect: true }])
  expect([useProject().path, useProject().dirty]).toEqual(['/films/film.slerp', true])
  expect(useNotices().log.some(({ detail }) => detail?.includes('a.png'))).toBe(true)
})
