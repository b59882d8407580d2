import { expect, it } from 'vitest'
import { emptyDocument } from '#shared/document'
import { readDocument } from '#shared/readDocument'
import { importPaths } from '../../../../src/renderer/actions/importPictures'
import { exportOriginLabel } from '../../../../src/renderer/labels/exportOriginLabel'
import { useDocument } from '../../../../src/renderer/stores/document'
import { useExportOrigin, type ExportAnswer } from '../../../../src/renderer/stores/exportOrigin'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useMissing } from '../../../../src/renderer/stores/missing'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { useProject } from '../../../../src/renderer/stores/project'
import { installFakeStudio, pictureInfo } from '../fakeStudio'

const { document } = readDocument({
  version: 1,
  pictures: [{ id: 'a', name: 'A', info: pictureInfo('a.png') }],
  timeline: { stops: [{ source: 'a' }, { source: 'a' }], segments: [{ frames: 3 }] },
})

/** A window in which every GIF is an export. */
function install() {
  installFakeStudio({
    'project.openExport': ({ path }: { path: string }) =>
      path.endsWith('.gif')
        ? {
            document,
            missing: ['/pictures/a.png'],
            kind: 'picture',
            shown: 1,
            problems: ['A weight is too large.'],
          }
        : null,
    'library.import': ({ paths: files }: { paths: string[] }) => ({
      pictures: files.map((path) => pictureInfo(path.slice(path.lastIndexOf('/') + 1))),
      failures: [],
    }),
  })
}

/** Drops files on such a window, and answers the question as given. */
async function drop(paths: string[], answer: ExportAnswer) {
  install()
  const origin = useExportOrigin()
  const dropped = importPaths(paths)
  await new Promise((resolve) => setTimeout(resolve))
  const { offered } = origin
  if (offered) origin.answer(answer)
  await dropped
  return { offered }
}

it('opens the project stored in an export as unsaved work, and lists its missing pictures', async () => {
  const { offered } = await drop(['/out/film.gif'], 'project')
  expect(offered).toEqual({ name: 'film.gif', stops: 2, shown: 1, kind: 'picture' })
  expect(useDocument().value.timeline).toEqual(document.timeline)
  const project = useProject()
  expect([project.path, project.name, project.dirty]).toEqual([null, 'Film', true])
  expect([...useMissing().paths]).toEqual(['/pictures/a.png'])
  // Would catch an export that loses something silently.
  expect(useNotices().log).toContainEqual(
    expect.objectContaining({
      title: '1 part of the project isn’t as it was exported',
      items: ['A weight is too large.'],
    }),
  )
})

it('imports an export as a picture when that is chosen, and does nothing when neither is chosen', async () => {
  await drop(['/out/film.gif'], 'pictures')
  expect(useLibrary().pictures.map(({ info }) => info.name)).toEqual(['film.gif'])
  await drop(['/out/film.gif'], 'nothing')
  expect(useDocument().value).toEqual(emptyDocument())
})

it('asks only about a single dropped export, not about other imports (would catch a question for every import)', async () => {
  for (const paths of [['/out/photo.png'], ['/out/film.gif', '/out/photo.png']]) {
    const { offered } = await drop(paths, 'project')
    expect(offered).toBeNull()
    expect(useLibrary().pictures).toHaveLength(paths.length)
  }
})

it('asks about exports that are opened in quick succession one after the other (would catch one that vanishes)', async () => {
  install()
  const origin = useExportOrigin()
  const [first, second] = ['/out/first.gif', '/out/film.gif'].map((path) => importPaths([path]))
  await expect.poll(() => origin.offered?.name).toBe('first.gif')
  origin.answer('pictures')
  await first
  await expect.poll(() => origin.offered?.name).toBe('film.gif')
  origin.answer('pictures')
  await second
  expect(origin.offered).toBeNull()
  expect(useLibrary().pictures.map(({ info }) => info.name)).toEqual(['first.gif', 'film.gif'])
})

it('imports a second export into the project that the first has led to (would catch “Nothing was added”)', async () => {
  install()
  const origin = useExportOrigin()
  const [first, second] = ['/out/first.gif', '/out/film.gif'].map((path) => importPaths([path]))
  await expect.poll(() => origin.offered?.name).toBe('first.gif')
  origin.answer('project')
  await first
  expect(useProject().name).toBe('First')
  await expect.poll(() => origin.offered?.name).toBe('film.gif')
  origin.answer('pictures')
  await second
  expect(useLibrary().pictures.map(({ info }) => info.name)).toEqual(['a.png', 'film.gif'])
  expect(useNotices().log.map(({ title }) => title)).not.toContain('Nothing was added to this project')
})

it('keeps unsaved work when the user cancels', async () => {
  const paths = ['/out/film.gif']
  const studio = installFakeStudio({
    'project.openExport': () => ({ document, missing: [], kind: 'folder', shown: 1, problems: [] }),
    'dialog.unsaved': () => 'cancel',
  })
  useDocument().change({ notes: 'mine' })
  const dropped = importPaths(paths)
  await new Promise((resolve) => setTimeout(resolve))
  useExportOrigin().answer('project')
  await dropped
  expect(studio.callsOf('dialog.unsaved')).toHaveLength(1)
  expect(useDocument().value.notes).toBe('mine')
})

it.each([
  ['samples', [], 3, '3 pictures'],
  ['a sample', [], 1, 'one picture'],
  ['a film of one stop', [{ source: 'a' }], 1, 'one picture'],
])(
  'asks about %s with the number of pictures (would catch “a film of 0 stops”)',
  async (_what, stops, shown, told) => {
    const { document: made } = readDocument({ version: 1, timeline: { stops } })
    installFakeStudio({
      'project.openExport': () => ({ missing: [], kind: 'folder', problems: [], shown, document: made }),
    })
    const dropped = importPaths(['/out/samples'])
    await expect.poll(() => useExportOrigin().offered).not.toBeNull()
    expect(exportOriginLabel(useExportOrigin().offered!)).toBe(
      `“samples” was exported from ${told}. The export records its settings and sources.`,
    )
    useExportOrigin().answer('nothing')
    await dropped
  },
)

it('asks about a film with the number of its stops', () => {
  expect(exportOriginLabel({ name: 'film.gif', stops: 2, shown: 1 })).toBe(
    '“film.gif” was exported from a film of 2 stops. The export records its settings, stops and sources.',
  )
})
