import { beforeEach, expect, it } from 'vitest'
import { emptyDocument, type DocumentLatent } from '#shared/document'
import type { ActionGroups } from '../../../../src/renderer/actions/actionRows'
import { appendStops } from '../../../../src/renderer/actions/appendStops'
import { history } from '../../../../src/renderer/actions/history'
import { importPaths } from '../../../../src/renderer/actions/importPictures'
import { addMix, addSeeds } from '../../../../src/renderer/actions/latents'
import { addMarker } from '../../../../src/renderer/actions/markers'
import { addToTimeline } from '../../../../src/renderer/actions/morph'
import { segmentRows } from '../../../../src/renderer/actions/segmentRows'
import { copyStops, duplicateStops, holdStop, pasteStops } from '../../../../src/renderer/actions/stops'
import { useDocument } from '../../../../src/renderer/stores/document'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { usePlayer } from '../../../../src/renderer/stores/player'
import { useSelection } from '../../../../src/renderer/stores/selection'
import { useWorkspace } from '../../../../src/renderer/stores/workspace'
import { installFakeStudio, pictureInfo } from '../fakeStudio'

const manyInfos = Array.from({ length: 2001 }, (_unused, at) => pictureInfo(`new ${at}.png`))

/** Work with as many pictures, latents, stops and markers as a project may have. */
function putFullWork(): void {
  const empty = emptyDocument()
  const latents = Array.from({ length: 4990 }, (_unused, at): DocumentLatent => ({
    id: `s${at}`,
    name: `Seed ${at}`,
    kind: 'seed',
    seed: at,
  }))
  useDocument().value = {
    ...empty,
    latents,
    timeline: {
      ...empty.timeline,
      stops: Array.from({ length: 1000 }, (_unused, at) => ({ id: `${at}`, source: 's0' })),
      segments: Array.from({ length: 999 }, () => ({
        frames: 2,
        easing: 'linear',
        interpolation: 'slerp',
      })),
      markers: Array.from({ length: 1000 }, (_unused, at) => ({ id: `m${at}`, frame: at, name: '' })),
    },
  }
  useLibrary().add(Array.from({ length: 3000 }, (_unused, at) => pictureInfo(`${at}.png`)))
}

/** Work with a film of as many frames as a film may have. */
function putLongFilm(): void {
  const { timeline } = useDocument().value
  const [linear] = timeline.segments
  useDocument().change({
    timeline: {
      ...timeline,
      stops: timeline.stops.slice(0, 3),
      segments: [50_000, 49_999].map((frames) => ({ ...linear, frames })),
    },
  })
}

beforeEach(() => {
  installFakeStudio({
    'library.import': () => ({ pictures: manyInfos, failures: [] }),
    'project.openExport': () => null,
  })
  putFullWork()
  useLibrary().select(['s1'])
  useWorkspace().view = 'lab'
})

const run = (rows: ActionGroups, id: string) =>
  rows
    .flat()
    .find((row) => row.id === id)!
    .run()

const latents = (from: number, to: number) => useLibrary().latents.slice(from, to)

it.each<[string, string, () => unknown]>([
  ['duplicated stops', '1002 stops', () => duplicateStops([3, 4])],
  ['a held stop', '1001 stops', () => holdStop(5)],
  ['items added to the timeline', '1003 stops', () => addToTimeline(latents(0, 3))],
  ['an explored path', '1002 stops', () => appendStops('Add a walk', latents(0, 2))],
  ['a marker', '1001 markers', () => (usePlayer().seek(1500), addMarker())],
  ['eleven seeds', '5001 latents', () => addSeeds(9000, 11)],
  ['a mix of 65', 'from 65 others', () => addMix(latents(0, 65))],
  ['a third folder of pictures', '5001 pictures', () => importPaths(['/a', '/b'])],
])('refuses %s that would make the work too large, and changes nothing', async (_what, said, act) => {
  const before = useDocument().value
  const undo = history.undoLabel.value
  await act()
  expect(useDocument().value).toBe(before)
  expect(history.undoLabel.value).toBe(undo)
  expect(useNotices().notices).toMatchObject([{ tone: 'bad', title: 'Nothing was changed' }])
  expect(useNotices().notices[0].detail).toContain(said)
  // What follows such an edit does not happen either.
  expect(useLibrary().selectedIds).toEqual(['s1'])
  expect(useSelection().stops).toEqual([])
  expect(useWorkspace().view).toBe('lab')
})

it.each<[string, string, () => unknown]>([
  ['a duplicated stop', '149999 frames', () => duplicateStops([1])],
  ['pasted stops', '200000 frames', () => (copyStops([0, 1]), pasteStops(1))],
  ['a held stop', '100020 frames', () => holdStop(1)],
  ['a segment of double the length', '149999 frames', () => run(segmentRows(1), 'double')],
  ['an item added to the timeline', '100036 frames', () => addToTimeline(latents(0, 1))],
])('refuses %s that would make the film too long, and changes nothing', (_what, said, act) => {
  putLongFilm()
  const before = useDocument().value
  act()
  expect(useDocument().value).toBe(before)
  expect(useNotices().notices).toMatchObject([{ tone: 'bad', title: 'Nothing was changed' }])
  expect(useNotices().notices[0].detail).toContain(`${said} are more than the 100000`)
})

it('mixes 17 latents (would catch the limit of earlier versions)', () => {
  addMix(latents(0, 17))
  expect(useLibrary().latents.at(-1)).toMatchObject({ kind: 'mix' })
  expect(useNotices().notices).toEqual([])
})

it('imports nothing twice, and still selects pictures that are there already', async () => {
  useDocument().value = emptyDocument()
  const pictures = await importPaths(['/a', '/b'])
  const again = await importPaths(['/a', '/b'])
  expect(again).toEqual(pictures)
  expect(useLibrary().selectedIds).toHaveLength(2001)
})
