import { afterEach, describe, expect, it, vi } from 'vitest'
import type { LastWork, MenuCommand } from '#shared/app'
import type { StudioDocument } from '#shared/document'
import { readDocument } from '#shared/readDocument'
import { history } from '../../../../src/renderer/actions/history'
import { importPaths } from '../../../../src/renderer/actions/importPictures'
import { saveProject } from '../../../../src/renderer/actions/saveProject'
import { startUp } from '../../../../src/renderer/actions/startup'
import { useDocument } from '../../../../src/renderer/stores/document'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useMissing } from '../../../../src/renderer/stores/missing'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { useProject } from '../../../../src/renderer/stores/project'
import { useRecovery } from '../../../../src/renderer/stores/recovery'
import { useWorkspace } from '../../../../src/renderer/stores/workspace'
import { failure, installFakeStudio, modelInfo, pictureInfo } from '../fakeStudio'

const documentOf = (...names: string[]): StudioDocument =>
  readDocument({ version: 1, pictures: names.map((name) => ({ id: name, name, info: pictureInfo(name) })) })
    .document

/** An app that was last closed with this work; its project file, if it has one, contains `own.png`. */
function installStudioWith(
  work: Partial<LastWork> | null,
  document = documentOf('own.png'),
  { newer = false, heldBy = null as string | null, notices = [] as string[], gone = false } = {},
) {
  const project = { document, missing: [], problems: [], newer, heldBy }
  const whole = {
    document: documentOf('own.png', 'new.png'),
    path: null,
    from: null,
    name: 'Untitled',
    dirty: true,
    crashed: false,
    problems: [],
    missing: [],
  }
  return installFakeStudio({
    'app.state': () => ({
      preferences: {},
      devices: [],
      model: modelInfo,
      work: work && { ...whole, ...work },
      samples: [pictureInfo('sample.png')],
      notices,
    }),
    'project.open': ({ path }: { path: string }) => {
      if (gone) throw failure('NOT_FOUND')
      return { ...project, path }
    },
    'dialog.saveProject': () => null,
    'library.import': ({ paths }: { paths: string[] }) => ({
      pictures: paths.map((path) => pictureInfo(path.replace('/pictures/', ''))),
      failures: [],
    }),
  })
}

afterEach(() => vi.unstubAllGlobals())

const shown = () => useLibrary().pictures.map(({ info }) => info.name)

it('runs the commands of the menu, but not beneath a dialog (would catch an accelerator that acts beneath it)', async () => {
  installStudioWith(null)
  let choose: (command: MenuCommand) => void = () => undefined
  window.studio.on = (name, listener) => {
    if (name === 'menu') choose = listener as typeof choose
    return () => undefined
  }
  let scrim: object | null = {}
  vi.stubGlobal('document', { querySelector: (one: string) => (one === '.scrim' ? scrim : null) })
  await startUp()
  choose('showLab')
  await Promise.resolve()
  expect(useWorkspace().view).toBe('morph')
  scrim = null
  choose('showLab')
  await Promise.resolve()
  expect(useWorkspace().view).toBe('lab')
})

it.each([
  ['menu', 'saveProject'],
  ['saveAndClose', {}],
])(
  'commits the field that has the focus before it saves, for the event %s (would catch a prompt lost by closing)',
  async (event, payload) => {
    const { callsOf } = installStudioWith({ path: '/films/a.slerp', dirty: false })
    let send: (payload: unknown) => void = () => undefined
    window.studio.on = (name, listener) => {
      if (name === event) send = listener as typeof send
      return () => undefined
    }
    const field = {
      matches: () => true,
      blur: () => useDocument().change({ notes: 'typed' }),
      focus: () => undefined,
    }
    vi.stubGlobal('document', { querySelector: () => null, activeElement: field })
    await startUp()
    send(payload)
    await expect.poll(() => callsOf('project.save')).toHaveLength(1)
    expect(callsOf('project.save')[0].input).toMatchObject({ document: { notes: 'typed' } })
  },
)

describe('startup', () => {
  it('says what is not as it was left until somebody has seen it (would catch a model that is replaced unnoticed)', async () => {
    installStudioWith(null, undefined, { notices: ['Your model could not be opened.'] })
    await startUp()
    expect(useNotices().notices).toMatchObject([{ title: 'Your model could not be opened.', tone: 'bad' }])
    expect(useNotices().unseenFailures).toBe(1)
  })

  it('begins with the samples, which do not count as unsaved changes', async () => {
    installStudioWith(null)
    await startUp()
    expect(shown()).toEqual(['sample.png'])
    expect(useProject().dirty).toBe(false)
  })

  it('restores untitled work without asking after a clean exit', async () => {
    installStudioWith({})
    await startUp()
    expect(shown()).toEqual(['own.png', 'new.png'])
    expect(useProject().dirty).toBe(true)
  })

  it.each([false, true])(
    'restores untouched work as untouched, after a crash too: %s (would catch “Untitled” that is unsaved from its second start on)',
    async (crashed) => {
      installStudioWith({ dirty: false, crashed })
      await startUp()
      expect(shown()).toEqual(['own.png', 'new.png'])
      expect(useProject().dirty).toBe(false)
      useDocument().change({ notes: 'edited' })
      expect(useProject().dirty).toBe(true)
    },
  )

  it('counts work as unsaved if its project file is gone, even if that had it all', async () => {
    installStudioWith({ path: '/films/a.slerp', dirty: false }, undefined, { gone: true })
    await startUp()
    expect(shown()).toEqual(['own.png', 'new.png'])
    expect([useProject().path, useProject().dirty]).toEqual([null, true])
  })

  it('opens the last project from its file', async () => {
    installStudioWith({ path: '/films/a.slerp', dirty: false })
    await startUp()
    expect(shown()).toEqual(['own.png'])
    expect([useProject().path, useProject().dirty]).toEqual(['/films/a.slerp', false])
  })

  it.each([
    [true, ['own.png', 'new.png'], true],
    [false, ['own.png'], false],
  ])(
    'offers to recover unsaved changes after a crash, and follows the answer: %s',
    async (answer, names, dirty) => {
      installStudioWith({ path: '/films/a.slerp', crashed: true })
      const started = startUp()
      await expect.poll(() => useRecovery().name).toContain('a.slerp')
      useRecovery().answer(answer)
      await started
      expect(shown()).toEqual(names)
      expect([useProject().path, useProject().dirty]).toEqual(['/films/a.slerp', dirty])
    },
  )

  it.each([
    ['a copy', '“a copy”'],
    ['Untitled', 'your untitled work'],
  ])('offers to recover work without a file by its name: %s', async (name, told) => {
    installStudioWith({ name, crashed: true })
    const started = startUp()
    await expect.poll(() => useRecovery().name).toBe(told)
    useRecovery().answer(true)
    await started
    expect(useProject().name).toBe(name)
  })

  it('offers no recovery after a crash without unsaved changes', async () => {
    installStudioWith({ path: '/films/a.slerp', crashed: true, dirty: false })
    await startUp()
    expect(useRecovery().name).toBeNull()
  })

  it('keeps missing pictures in the library, marked as missing', async () => {
    installStudioWith({ missing: ['/pictures/new.png'] })
    await startUp()
    expect(useLibrary().pictures.map((picture) => useMissing().isMissing(picture))).toEqual([false, true])
  })

  const lostCrop = 'The crop of A no longer fits: the middle is used until you crop again.'
  it.each([
    [[lostCrop], '1 part of the project isn’t as it was saved'],
    [[lostCrop, 'notes could not be read (too long).'], '2 parts of the project aren’t as they were saved'],
  ])(
    'tells what is not as it was, whatever the reason (would catch a lost crop among what couldn’t be read): %s',
    async (problems, title) => {
      installStudioWith({ problems })
      await startUp()
      expect(useNotices().log).toMatchObject([{ title, items: problems }])
    },
  )

  it('restores changes to a project together with the results in its file (would catch latents that are not found)', async () => {
    const projectResults = 'ab'.repeat(32)
    installStudioWith({ path: '/films/a.slerp' }, { ...documentOf('own.png'), projectResults })
    await startUp()
    expect(shown()).toEqual(['own.png', 'new.png'])
    expect(useDocument().value.projectResults).toBe(projectResults)
    expect(useProject().from).toBe('/films/a.slerp')
  })

  it('restores a copy without a file together with the project it came from (would catch its first save losing all latents and frames)', async () => {
    installStudioWith({ from: '/films/a.slerp', name: 'a copy' })
    await startUp()
    expect([useProject().path, useProject().from]).toEqual([null, '/films/a.slerp'])
    expect(useProject().name).toBe('a copy')
  })

  it('calls changes to a project that is open elsewhere a copy (would catch two windows with one name)', async () => {
    installStudioWith({ path: '/films/a.slerp', name: 'a' }, undefined, { heldBy: 'another window' })
    await startUp()
    expect(shown()).toEqual(['own.png', 'new.png'])
    expect([useProject().path, useProject().from]).toEqual([null, '/films/a.slerp'])
    expect(useProject().name).toBe('a copy')
  })

  it.each([true, false])(
    'never saves over the project of a newer version, whether its changes are restored or not: %s (would catch Save after a reload or a crash losing what only that version knows)',
    async (dirty) => {
      const { callsOf } = installStudioWith({ path: '/films/a.slerp', dirty }, undefined, { newer: true })
      await startUp()
      expect([useProject().path, useProject().readOnly]).toEqual(['/films/a.slerp', true])
      // Save asks for another name instead, and nothing is written without an answer.
      expect(await saveProject()).toBe(false)
      expect([callsOf('dialog.saveProject').length, callsOf('project.save').length]).toEqual([1, 0])
    },
  )

  it('undoes the import of an opened file without losing the restored work (would catch an undo that empties the library)', async () => {
    installStudioWith({})
    await startUp()
    await importPaths(['/pictures/opened.png'])
    expect(shown()).toContain('opened.png')
    history.undo()
    expect(shown()).toEqual(['own.png', 'new.png'])
    expect(useDocument().value.pictures).toHaveLength(2)
  })
})
