import { describe, expect, it, vi } from 'vitest'
import { readDocument } from '#shared/readDocument'
import { history } from '../../../../src/renderer/actions/history'
import { edit } from '../../../../src/renderer/actions/document'
import { newProject, openProject, putWork } from '../../../../src/renderer/actions/project'
import {
  collectProject,
  duplicateProject,
  revertProject,
  saveAndClose,
  saveProject,
  saveProjectAs,
  toggleKeepPictures,
} from '../../../../src/renderer/actions/saveProject'
import { useDocument } from '../../../../src/renderer/stores/document'
import { useModel } from '../../../../src/renderer/stores/model'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { useProject } from '../../../../src/renderer/stores/project'
import { failure, installFakeStudio, modelInfo, pictureInfo } from '../fakeStudio'

const { document } = readDocument({
  version: 1,
  model: { name: 'gone', sha256: 'of a model that is not there', path: '' },
  pictures: [{ id: 'a', name: 'A', info: pictureInfo('a.png') }],
})

/** A window with a saved project whose notes have been changed. */
function openFilm(leftOut: string[] = [], answers: Parameters<typeof installFakeStudio>[0] = {}) {
  const studio = installFakeStudio({
    'project.save': ({ path }: { path: string }) => ({ path, bytes: 1, leftOut }),
    'dialog.saveProject': () => '/films/other.slerp',
    ...answers,
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

it('closing is requested once the project is saved and the main process knows it, and not after a save that failed', async () => {
  let isFull = true
  const studio = openFilm([], {
    'project.save': ({ path }: { path: string }) => {
      if (isFull) throw failure('UNWRITABLE')
      return { path, bytes: 1, leftOut: [] }
    },
    'project.show': () => null,
    'app.closeSaved': () => null,
  })
  await saveAndClose()
  expect(studio.callsOf('app.closeSaved')).toEqual([])
  isFull = false
  await saveAndClose()
  expect(studio.calls.slice(-2)).toMatchObject([
    { route: 'project.show', input: { dirty: false } },
    { route: 'app.closeSaved' },
  ])
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

it('Revert returns to a saved project that is larger than edits may make one (would catch a refused way back)', () => {
  openFilm()
  const latents = Array.from({ length: 6000 }, (_, at) => ({ id: `${at}`, name: '', kind: 'seed', seed: at }))
  const { document: large } = readDocument({ version: 1, latents })
  putWork({ document: large, path: '/films/film.slerp' })
  edit('Remove', () => useDocument().change({ latents: large.latents.slice(0, 5500) }))
  revertProject()
  expect(useDocument().value.latents).toHaveLength(6000)
})

it.each([
  ['keeps it', 'cancel', 'edited'],
  ['opens the project', 'discard', ''],
])(
  'work that is edited while a project is read is asked about again: %s (would catch edits lost without a question)',
  async (_, answer, notes) => {
    let end = (): void => undefined
    const studio = openFilm([], {
      'project.open': () =>
        new Promise((resolve) => {
          end = () => resolve({ document, missing: [], problems: [], newer: false, heldBy: null })
        }),
      'project.show': () => null,
      'dialog.unsaved': () => answer,
    })
    await saveProject()
    const opening = openProject('/films/new.slerp')
    await settled()
    change('edited')
    end()
    await opening
    expect(studio.callsOf('dialog.unsaved')).toHaveLength(1)
    expect(useDocument().value.notes).toBe(notes)
    // The main process holds what it was asked to read last, until it hears what is open.
    if (answer === 'cancel')
      expect(studio.callsOf('project.show').map(({ input }) => input)).toMatchObject([
        { path: '/films/film.slerp' },
      ])
  },
)

it('opening the open project asks nothing and keeps its changes, but offers to revert (would catch recovered work lost to the file)', async () => {
  const studio = openFilm([], { 'project.show': () => null })
  await openProject('/films/film.slerp')
  expect(studio.callsOf('dialog.unsaved')).toEqual([])
  expect(studio.callsOf('project.open')).toEqual([])
  expect(useDocument().value.notes).toBe('changed')
  const [notice] = useNotices().notices
  expect(notice.title).toBe('film is already open')
  notice.action?.run()
  expect([useDocument().value.notes, useProject().dirty]).toEqual(['', false])
})

it('Save names the files that it could not include (would catch a project that lacks a latent without a word)', async () => {
  openFilm(['/latents/mine.safetensors'])
  expect(await saveProject()).toBe(true)
  expect(useProject().dirty).toBe(false)
  const notice = useNotices().log.find(({ title }) => title.includes('without 1 file'))
  expect(notice?.detail).toContain('mine.safetensors')
})

it('Collect writes a copy, leaves the project where it is, and names missing pictures', async () => {
  const studio = openFilm(['/pictures/a.png'])
  await collectProject()
  expect(savesOf(studio)).toMatchObject([{ path: '/films/other.slerp', collect: true }])
  expect([useProject().path, useProject().dirty]).toEqual(['/films/film.slerp', true])
  expect(useNotices().log.some(({ detail }) => detail?.includes('a.png'))).toBe(true)
})

/** A changed project on a slow disk: each save ends when `ends` is called for it, first to last. */
function openSlowFilm(unsaved: () => string = () => 'save', saveTo: () => string | null = () => null) {
  const ends: (() => void)[] = []
  const studio = openFilm([], {
    'project.save': ({ path }: { path: string }) =>
      new Promise((resolve) => ends.push(() => resolve({ path, bytes: 1, leftOut: [] }))),
    'project.open': ({ path }: { path: string }) => ({
      document: { ...document, notes: `those of ${path}` },
      missing: [],
      problems: [],
      newer: false,
      heldBy: null,
    }),
    'dialog.unsaved': unsaved,
    'dialog.saveProject': saveTo,
  })
  return { studio, ends }
}

const settled = () => new Promise((resolve) => setTimeout(resolve))
const shown = () => {
  const { path, from, dirty } = useProject()
  return { path, from, dirty, notes: useDocument().value.notes }
}

describe('a save that takes long', () => {
  it.each([
    ['other work is opened', () => putWork({ document, path: '/films/b.slerp' }), '/films/b.slerp', false],
    ['the work is duplicated', duplicateProject, null, true],
  ])(
    'leaves the file of what is open alone after %s (would catch A’s file overwritten by B)',
    async (_, leave, path, dirty) => {
      const { studio, ends } = openSlowFilm()
      const saving = saveProject()
      await vi.waitFor(() => expect(ends).toHaveLength(1))
      leave()
      const before = shown()
      expect(before).toMatchObject({ path, dirty })
      ends[0]()
      expect(await saving).toBe(true)
      expect(shown()).toEqual(before)
      expect(useProject().saving).toBe(false)
      expect(savesOf(studio)).toHaveLength(1)
    },
  )

  it('is waited for before other work replaces it, which then asks nothing', async () => {
    const { studio, ends } = openSlowFilm()
    const saving = saveProject()
    const beginning = newProject()
    await settled()
    expect(shown()).toMatchObject({ path: '/films/film.slerp', notes: 'changed' })
    ends[0]()
    await Promise.all([saving, beginning])
    expect(studio.callsOf('dialog.unsaved')).toEqual([])
    expect(shown()).toMatchObject({ path: null, notes: '' })
  })

  it('is followed by the save asked for meanwhile, with the newest changes (would catch a Ctrl+S that does nothing)', async () => {
    const { studio, ends } = openSlowFilm()
    const first = saveProject()
    await settled()
    change('newest')
    const second = saveProject()
    await settled()
    expect(ends).toHaveLength(1)
    ends[0]()
    await vi.waitFor(() => expect(ends).toHaveLength(2))
    expect(await first).toBe(true)
    expect(useProject().dirty).toBe(true)
    ends[1]()
    expect(await second).toBe(true)
    expect(savesOf(studio)).toMatchObject([
      { document: { notes: 'changed' } },
      { document: { notes: 'newest' } },
    ])
    expect(useProject().dirty).toBe(false)
  })

  it('is followed by Save as, which writes (would catch a copy that is reported but never made)', async () => {
    const { studio, ends } = openSlowFilm(undefined, () => '/films/copy.slerp')
    const first = saveProject()
    await settled()
    const second = saveProjectAs()
    ends[0]()
    await vi.waitFor(() => expect(ends).toHaveLength(2))
    ends[1]()
    expect([await first, await second]).toEqual([true, true])
    expect(savesOf(studio).map(({ path }) => path)).toEqual(['/films/film.slerp', '/films/copy.slerp'])
    expect(shown()).toMatchObject({ path: '/films/copy.slerp', dirty: false })
  })

  it('asks again about changes made during the save that was to be the last', async () => {
    const answers = ['save', 'discard']
    const { studio, ends } = openSlowFilm(() => answers.shift()!)
    const beginning = newProject()
    await vi.waitFor(() => expect(ends).toHaveLength(1))
    change('made while saving')
    ends[0]()
    await beginning
    expect(studio.callsOf('dialog.unsaved')).toHaveLength(2)
    expect(shown()).toMatchObject({ path: null, notes: '' })
  })
})

it('a save that fails is not reported as saved, and the next one is tried', async () => {
  let tries = 0
  openFilm([], {
    'project.save': ({ path }: { path: string }) => {
      if (tries++ === 0) throw failure('UNWRITABLE', 'The disk is full.')
      return { path, bytes: 1, leftOut: [] }
    },
  })
  expect(await Promise.all([saveProject(), saveProject()])).toEqual([false, true])
  expect(useNotices().log[0]).toMatchObject({ detail: 'The disk is full.' })
  expect(useProject().dirty).toBe(false)
})

it.each([
  ['the first is slower', ['/films/b.slerp', '/films/c.slerp'], [1, 0]],
  ['the first is quicker', ['/films/b.slerp', '/films/c.slerp'], [0, 1]],
])('of two projects opened in a row the second is shown, even if %s', async (_, paths, order) => {
  const ends: (() => void)[] = []
  openFilm([], {
    'project.open': ({ path }: { path: string }) =>
      new Promise((resolve) =>
        ends.push(() =>
          resolve({
            document: { ...document, notes: path },
            missing: [],
            problems: [],
            newer: false,
            heldBy: null,
          }),
        ),
      ),
    'dialog.unsaved': () => 'discard',
  })
  const opening = paths.map(openProject)
  await vi.waitFor(() => expect(ends).toHaveLength(2))
  for (const at of order) {
    ends[at]()
    await settled()
  }
  await Promise.all(opening)
  expect(shown()).toMatchObject({ path: '/films/c.slerp', notes: '/films/c.slerp' })
})

it('Collect never writes work that was opened while the place was asked for (would catch another project under this name)', async () => {
  const studio = openFilm([], {
    'dialog.saveProject': () => {
      putWork({ document, path: '/films/another.slerp' })
      return '/films/film collected.slerp'
    },
  })
  await collectProject()
  expect(savesOf(studio)).toEqual([])
  expect(useNotices().notices.map(({ detail }) => detail)).toContain(
    '“film” is not open any more: open it and collect it again.',
  )
})

it('names in the history whether pictures are kept from then on or not', () => {
  openFilm()
  const now = () => [useDocument().value.keepPictures, history.undoLabel.value]
  const before = useDocument().value.keepPictures
  const labels = { true: 'Keep pictures in the project', false: 'Stop keeping pictures in the project' }
  for (const kept of [!before, before]) {
    toggleKeepPictures()
    expect(now()).toEqual([kept, labels[`${kept}`]])
  }
})
