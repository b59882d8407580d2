import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, type EffectScope } from 'vue'
import type { Segment } from '#core/timeline/path'
import { changeStop } from '#core/timeline/pathEdits'
import { emptyDocument, type StudioDocument } from '#shared/document'
import { readDocument } from '#shared/readDocument'
import { edit } from '../../../../src/renderer/actions/document'
import { timeEvenly } from '../../../../src/renderer/actions/evenTiming'
import { history } from '../../../../src/renderer/actions/history'
import {
  chooseClass,
  fitPicture,
  renameItem,
  repairLatent,
  writePrompt,
} from '../../../../src/renderer/actions/pictureEdits'
import { rereadPictures } from '../../../../src/renderer/actions/rereadPictures'
import { revertProject } from '../../../../src/renderer/actions/saveProject'
import { changeSegmentAt } from '../../../../src/renderer/actions/segmentRows'
import { writeStopPrompt } from '../../../../src/renderer/actions/stops'
import { useEvenUpkeep } from '../../../../src/renderer/composables/useEvenUpkeep'
import { putWork } from '../../../../src/renderer/actions/project'
import { useDocument } from '../../../../src/renderer/stores/document'
import { useEvenTiming } from '../../../../src/renderer/stores/evenTiming'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useModel } from '../../../../src/renderer/stores/model'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { usePreferences } from '../../../../src/renderer/stores/preferences'
import { useProject } from '../../../../src/renderer/stores/project'
import { useSettings } from '../../../../src/renderer/stores/settings'
import { useTimeline } from '../../../../src/renderer/stores/timeline'
import { failure, installFakeStudio, modelInfo, pictureInfo } from '../fakeStudio'

/** Longer than any delay before measuring. */
const longPause = 3000

let scope: EffectScope
/** The lengths that the fake engine gives the segments of a whole film; null for those they have. */
let shared: number[] | null
/** Whether the person cancels measurements. */
let isCancelled: boolean
let studio: ReturnType<typeof installFakeStudio>
beforeEach(async () => {
  vi.useFakeTimers()
  shared = null
  bend = 2
  isCancelled = false
  studio = installFakeStudio({ 'animation.timing': measure as never })
  useModel().info = modelInfo
  useLibrary().add(['a.png', 'b.png', 'c.png'].map(pictureInfo))
  useTimeline().insert(useLibrary().pictures.map(({ id }) => id))
  useTimeline().change(0, { frames: 4 })
  history.clear()
  scope = effectScope()
  scope.run(useEvenUpkeep)
  await timeEvenly(0)
  await settle()
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

/** How much of the change the fake engine finds at the start of the path. */
let bend: number
/** What the fake engine measures: all change is at the start of the path. */
const measuredPlaces = (frames: number): number[] =>
  Array.from({ length: frames - 1 }, (_, at) => ((at + 1) / frames) ** bend)

function measure({ plan, segments }: { plan: { segments: Segment[] }; segments?: number[] }) {
  if (isCancelled) throw failure('CANCELLED')
  return {
    segments: plan.segments.map((segment, at) => {
      if (segments ? !segments.includes(at) : segment.easing === 'hold') return segment
      const frames = (segments ? null : shared)?.[at] ?? segment.frames
      return { ...segment, frames, fractions: measuredPlaces(frames) }
    }),
    distances: [],
  }
}

const places = () => useTimeline().path.segments[0].fractions
const timings = () => studio.callsOf('animation.timing')
async function settle(): Promise<void> {
  await nextTick()
  await vi.advanceTimersByTimeAsync(longPause)
}

it('remeasures after a length change, keeps the spread places until then, and undoes both in one step', async () => {
  const before = useDocument().value
  changeSegmentAt(0, { frames: 7 })
  const spread = places()
  expect(spread).toHaveLength(6)
  expect(spread).not.toEqual(measuredPlaces(7))
  await settle()
  expect(timings().at(-1)!.input).toMatchObject({ segments: [0], share: false })
  expect(places()).toEqual(measuredPlaces(7))
  history.undo()
  expect(useDocument().value).toEqual(before)
  await settle()
  // Earlier measurements are not repeated.
  expect(timings()).toHaveLength(2)
})

it('remeasures a segment that a redo restores unmeasured (would catch places that stay interpolated)', async () => {
  changeSegmentAt(0, { frames: 7 })
  await settle()
  history.undo()
  history.redo()
  expect(useTimeline().path.segments[0].frames).toBe(7)
  await settle()
  expect(places()).toEqual(measuredPlaces(7))
})

it('remeasures after a change of the path, and undoes both in one step (would catch places of the path before)', async () => {
  const before = useDocument().value
  changeSegmentAt(0, { interpolation: 'lerp' })
  await settle()
  expect(timings().at(-1)!.input).toMatchObject({
    segments: [0],
    share: false,
    plan: { segments: [{ interpolation: 'lerp' }, {}] },
  })
  history.undo()
  expect(useDocument().value).toEqual(before)
  await settle()
  expect(timings()).toHaveLength(2)
})

it('remeasures a smooth segment after a change of the length of the next one', async () => {
  changeSegmentAt(0, { interpolation: 'spline' })
  await settle()
  changeSegmentAt(1, { frames: 9 })
  await settle()
  expect(timings()).toHaveLength(3)
  expect(timings().at(-1)!.input).toMatchObject({ segments: [0] })
})

it('remeasures after a change of the prompt of a stop, but not for the same prompt', async () => {
  writeStopPrompt(1, 'a castle')
  await settle()
  expect(timings()).toHaveLength(2)
  writeStopPrompt(1, 'a castle ')
  await settle()
  expect(timings()).toHaveLength(2)
})

const second = () => useLibrary().pictures[1]
const walk = { id: 'walk', name: 'Walk', kind: 'walk', seed: 0, angle: 20, turn: 0 } as const

it.each<[string, () => unknown]>([
  ['the crop', () => fitPicture(second(), { mode: 'contain', background: '#000000' })],
  ['the class', () => chooseClass(second(), 3)],
  ['the prompt', () => writePrompt(second(), 'a castle')],
  ['the repair', () => repairLatent(second(), true)],
  ['the file', () => rereadPictures([{ ...second().info, sha256: 'retouched' }])],
  ['the pinning', () => edit('Pin', () => (useTimeline().pinned = true))],
  [
    'the encoding',
    () => edit('Encode', () => (useSettings().encode = { ...useSettings().encode, steps: 7 })),
  ],
  [
    'the decoding',
    () => edit('Decode', () => (useSettings().decode = { ...useSettings().decode, steps: 7 })),
  ],
])('remeasures after a change of %s, and not again after an undo', async (_what, change) => {
  change()
  await settle()
  expect(timings()).toHaveLength(2)
  expect(timings().at(-1)!.input).toMatchObject({ segments: [0], share: false })
  history.undo()
  await settle()
  expect(timings()).toHaveLength(2)
})

it('undoes a change of a picture with its remeasurement in one step', async () => {
  const before = useDocument().value
  writePrompt(second(), 'a castle')
  await settle()
  history.undo()
  expect(useDocument().value).toBe(before)
})

it('remeasures after a change of what a latent of the film is made from', async () => {
  useLibrary().addLatents([{ ...walk, around: useLibrary().pictures[2].id }])
  useTimeline().path = changeStop(useTimeline().path, 1, { id: 'stop', source: walk.id })
  await settle()
  const measured = timings().length
  writePrompt(useLibrary().pictures[2], 'a castle')
  await settle()
  expect(timings()).toHaveLength(measured + 1)
})

const retouch = () => rereadPictures([{ ...second().info, sha256: 'retouched' }])

it('remeasures what an undo brings back from before a file changed (would catch places of the old file)', async () => {
  changeSegmentAt(0, { frames: 7 })
  await settle()
  retouch()
  await settle()
  history.undo()
  await settle()
  expect(timings()).toHaveLength(4)
  expect(useEvenTiming().isOutdated(0)).toBe(false)
})

it('keeps what was measured since a file changed when an undo brings back the same segment', async () => {
  edit('Slow down', () => (useTimeline().fps = 5))
  bend = 3
  retouch()
  await settle()
  const measured = places()
  history.undo()
  expect([useTimeline().fps, places()]).toEqual([20, measured])
  await settle()
  expect(timings()).toHaveLength(2)
})

it('says that there is nothing to revert if only a file has changed, though its frames were measured again (would catch “Back to the saved version”)', async () => {
  putWork({ document: useProject().current(), path: '/films/film.slerp' })
  bend = 3
  retouch()
  await settle()
  const { value: before } = useDocument()
  revertProject()
  expect(useDocument().value).toEqual(before)
  expect(useNotices().notices.map(({ title }) => title)).toContain(
    'Nothing to revert: only files on the disk or the model have changed since the project was saved',
  )
})

it('measures nothing after a change of a name or of an item beside the segment', async () => {
  renameItem(second(), 'Castle')
  writePrompt(useLibrary().pictures[2], 'a castle')
  await settle()
  expect(timings()).toHaveLength(1)
})

it('remeasures with another model, once, also if an undo brings back an earlier state (would catch places of the old model)', async () => {
  edit('Slow down', () => (useTimeline().fps = 5))
  useModel().info = { ...modelInfo, sha256: 'another' }
  await settle()
  await settle()
  expect(timings()).toHaveLength(2)
  history.undo()
  await settle()
  expect(timings()).toHaveLength(2)
  expect(useEvenTiming().isOutdated(0)).toBe(false)
})

/** Opens the work that is open as a project would be read from its file. */
async function reopen(changes: (json: StudioDocument) => object = (json) => json) {
  const json = structuredClone(useProject().current())
  const { document, problems } = readDocument({ ...json, ...changes(json) })
  expect(problems).toEqual([])
  putWork({ document, path: null })
  await settle()
}

it('measures nothing when a project is opened as it was, by this version or an earlier one', async () => {
  await reopen()
  await reopen(({ timeline }) => ({
    timeline: {
      ...timeline,
      segments: timeline.segments.map(({ measuredOn: _, ...segment }) => segment),
    },
  }))
  expect(timings()).toHaveLength(1)
})

it.each([true, false])(
  'remeasures a project whose picture changed while it was closed; written by this version: %s (would catch an evenly timed film of other frames)',
  async (isOurs) => {
    const json = structuredClone(useProject().current())
    if (!isOurs) for (const segment of json.timeline.segments) delete segment.measuredOn
    const { document } = readDocument(json)
    // What the search for its files does.
    const pictures = document.pictures.map((one, at) =>
      at === 1 ? { ...one, info: { ...one.info, sha256: 'retouched' } } : one,
    )
    putWork({ document: { ...document, pictures }, path: null })
    await settle()
    await settle()
    expect(timings()).toHaveLength(2)
    expect(timings().at(-1)!.input).toMatchObject({ segments: [0] })
  },
)

it('remeasures a project that was saved before its places could be measured again', async () => {
  changeSegmentAt(0, { frames: 7 })
  await reopen()
  expect(timings()).toHaveLength(2)
  expect(places()).toEqual(measuredPlaces(7))
})

it('leaves places measured with a missing model alone, and goes by the model that is opened instead', async () => {
  useModel().info = { ...modelInfo, sha256: 'another' }
  useProject().missingModel = { name: 'm', sha256: modelInfo.sha256, path: '' }
  await settle()
  expect(timings()).toHaveLength(1)
  writePrompt(second(), 'a castle')
  await settle()
  await settle()
  expect(timings()).toHaveLength(2)
  useModel().info = { ...modelInfo, sha256: 'a third' }
  await settle()
  expect(timings()).toHaveLength(3)
})

it.each<[string, (json: StudioDocument) => void]>([
  ['as it is written', () => undefined],
  ['without what its places were measured on', (json) => delete json.timeline.segments[0].measuredOn],
  [
    'of an earlier version',
    (json) => {
      delete json.timeline.segments[0].measuredOn
      delete json.model!.reading
    },
  ],
])(
  'leaves places alone that a missing model measured which was read with an override, in a project %s (would catch places of another model)',
  async (_what, change) => {
    Object.assign(usePreferences(), {
      modelPath: modelInfo.path,
      modelReading: { prediction: 'v_prediction' },
    })
    await settle()
    expect(timings()).toHaveLength(2)
    const json = structuredClone(useProject().current())
    expect(json.model).toEqual({
      name: 'm',
      sha256: modelInfo.sha256,
      path: modelInfo.path,
      reading: { prediction: 'v_prediction' },
    })
    change(json)
    putWork({ document: emptyDocument(), path: null })
    useModel().info = { ...modelInfo, path: '/models/another', sha256: 'another' }
    putWork({ document: readDocument(json).document, path: null })
    await settle()
    expect(useProject().missingModel).not.toBeNull()
    expect(timings()).toHaveLength(2)
    expect(useEvenTiming().isOutdated(0)).toBe(false)
  },
)

it('measures a hold that was timed evenly by itself again when the whole film is timed', async () => {
  useTimeline().change(0, { easing: 'hold' })
  await timeEvenly(0)
  edit('Decode', () => (useSettings().decode = { ...useSettings().decode, steps: 7 }))
  await timeEvenly(null)
  expect([0, 1].map(useEvenTiming().isOutdated)).toEqual([false, false])
})

it('tells that places are outdated while they are not measured again', async () => {
  expect(useEvenTiming().isOutdated(0)).toBe(false)
  writePrompt(second(), 'a castle')
  expect([0, 1].map(useEvenTiming().isOutdated)).toEqual([true, false])
  await settle()
  expect(useEvenTiming().isOutdated(0)).toBe(false)
})

it('begins no cancelled measurement again after an edit that has nothing to do with it, but tells that places are outdated', async () => {
  writePrompt(second(), 'a castle')
  isCancelled = true
  await settle()
  edit('Slow down', () => (useTimeline().fps = 5))
  await settle()
  expect(timings()).toHaveLength(2)
  expect(useEvenTiming().isOutdated(0)).toBe(true)
})

it('measures a smooth film once, although its segments get new lengths (would catch a second search for nothing)', async () => {
  changeSegmentAt(0, { interpolation: 'spline' })
  changeSegmentAt(1, { interpolation: 'spline' })
  shared = [7, 3]
  await timeEvenly(null)
  const measured = timings().length
  await settle()
  expect(useTimeline().path.segments.map(({ frames }) => frames)).toEqual(shared)
  expect(timings()).toHaveLength(measured)
})

it('measures once after many changes, such as those of a drag', async () => {
  for (const frames of [5, 6, 7, 8, 9]) {
    changeSegmentAt(0, { frames })
    await nextTick()
    await vi.advanceTimersByTimeAsync(50)
  }
  await settle()
  expect(timings()).toHaveLength(2)
  expect(places()).toEqual(measuredPlaces(9))
})

it('measures nothing after a drag back to the original length, or for a segment without even timing', async () => {
  const { path } = useTimeline()
  changeSegmentAt(0, { frames: 9 })
  useTimeline().path = path
  changeSegmentAt(1, { frames: 5 })
  await settle()
  expect(timings()).toHaveLength(1)
})
