import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, type EffectScope } from 'vue'
import type { Segment } from '#core/timeline/path'
import { edit } from '../../../../src/renderer/actions/document'
import { timeEvenly } from '../../../../src/renderer/actions/evenTiming'
import { renameItem, writePrompt } from '../../../../src/renderer/actions/pictureEdits'
import { history } from '../../../../src/renderer/actions/history'
import { applyToAllSegments, changeSegmentAt } from '../../../../src/renderer/actions/segmentRows'
import { holdStop } from '../../../../src/renderer/actions/stops'
import { useEvenUpkeep } from '../../../../src/renderer/composables/useEvenUpkeep'
import { useEvenTiming } from '../../../../src/renderer/stores/evenTiming'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useMissing } from '../../../../src/renderer/stores/missing'
import { useModel } from '../../../../src/renderer/stores/model'
import { useSettings } from '../../../../src/renderer/stores/settings'
import { useTimeline } from '../../../../src/renderer/stores/timeline'
import { failure, installFakeStudio, modelInfo, pictureInfo, type Call } from '../fakeStudio'

/** Longer than any delay before measuring. */
const longPause = 3000

interface Asked {
  plan: { segments: Segment[] }
  segments?: number[]
}

/** The searches that the slow engine is at, each with what ends it; `false` fails it. */
const underWay = new Set<(isWell: boolean) => void>()
let scope: EffectScope
let studio: ReturnType<typeof installFakeStudio>

/** A film of three pictures and two segments, of which the first is timed evenly, beside a fourth picture. */
beforeEach(async () => {
  vi.useFakeTimers()
  underWay.clear()
  studio = installFakeStudio({ 'animation.timing': measure as never })
  useModel().info = modelInfo
  useLibrary().add(['a.png', 'b.png', 'c.png', 'd.png'].map(pictureInfo))
  useTimeline().insert(
    useLibrary()
      .pictures.slice(0, 3)
      .map(({ id }) => id),
  )
  useTimeline().change(0, { frames: 4 })
  useTimeline().change(1, { frames: 6 })
  scope = effectScope()
  scope.run(useEvenUpkeep)
  void timeEvenly(0)
  await endAll()
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

/** What the fake engine measures: all change is at the start of the path. */
const measuredPlaces = (frames: number): number[] =>
  Array.from({ length: frames - 1 }, (_, at) => ((at + 1) / frames) ** 2)

async function measure({ plan, segments }: Asked, { cancelled }: Call) {
  let end: (isWell: boolean) => void = () => undefined
  const ended = new Promise<boolean>((resolve) => (end = resolve))
  underWay.add(end)
  const isWell = await Promise.race([ended, cancelled.then(() => 'cancelled')])
  underWay.delete(end)
  if (isWell !== true) throw failure(isWell ? 'CANCELLED' : 'NOT_FOUND')
  return {
    segments: plan.segments.map((segment, at) =>
      segments && !segments.includes(at)
        ? segment
        : { ...segment, fractions: measuredPlaces(segment.frames) },
    ),
    distances: [],
  }
}

async function settle(): Promise<void> {
  await nextTick()
  await vi.advanceTimersByTimeAsync(longPause)
}

/** Waits until the engine has no more to measure, and nothing follows. */
async function endAll(): Promise<void> {
  await settle()
  while (underWay.size > 0) {
    for (const end of underWay) end(true)
    await settle()
  }
}

const fourth = () => useLibrary().pictures[3]
/** Leaves the first segment outdated. */
const changeSettings = () =>
  edit('Decode', () => (useSettings().decode = { ...useSettings().decode, steps: 7 }))
/** The segments that the engine was asked for since the first search. */
const asked = () =>
  studio.callsOf('animation.timing').flatMap(({ input }, at) => {
    const { segments = 'the whole film' } = input as Asked
    return at === 0 ? [] : [segments]
  })
const places = () => useTimeline().path.segments.map(({ fractions }) => fractions)
const outdated = () => [0, 1].filter(useEvenTiming().isOutdated)

it('leaves the film to a search that the person began, whatever else is edited (would catch minutes of work lost to a rename)', async () => {
  changeSettings()
  void timeEvenly(null)
  await settle()
  renameItem(fourth(), 'Castle')
  useLibrary().add([pictureInfo('e.png')])
  await settle()
  await endAll()
  expect(asked()).toEqual(['the whole film'])
  expect(places()).toEqual([measuredPlaces(4), measuredPlaces(6)])
  expect(outdated()).toEqual([])
})

it('times a hold that was timed evenly together with the whole film (would catch one that is measured twice)', async () => {
  useTimeline().change(0, { easing: 'hold' })
  void timeEvenly(0)
  await endAll()
  const before = asked().length
  changeSettings()
  void timeEvenly(null)
  await settle()
  await endAll()
  expect(asked().slice(before)).toEqual(['the whole film'])
  expect(places()).toEqual([measuredPlaces(4), measuredPlaces(6)])
  expect(outdated()).toEqual([])
})

it('keeps the places of a segment when the film is held at the stop that it leaves', async () => {
  holdStop(0)
  await endAll()
  expect(places()).toEqual([undefined, measuredPlaces(4), undefined])
  expect(outdated()).toEqual([])
  expect(asked()).toEqual([])
})

it('applies even timing and its path to all segments in one undo step', async () => {
  useTimeline().change(0, { interpolation: 'lerp' })
  await endAll()
  const before = asked().length
  applyToAllSegments(0)
  await endAll()
  expect(useTimeline().path.segments.map(({ interpolation }) => interpolation)).toEqual(['lerp', 'lerp'])
  expect(places()).toEqual([measuredPlaces(4), measuredPlaces(6)])
  expect(asked().slice(before)).toEqual([[1]])
  history.undo()
  expect(places()).toEqual([measuredPlaces(4), undefined])
  history.redo()
  await endAll()
  expect(places()).toEqual([measuredPlaces(4), measuredPlaces(6)])
})

it('keeps a film evenly timed when one segment gives all others its path (would catch a film of which one stays so)', async () => {
  void timeEvenly(1)
  await endAll()
  changeSegmentAt(0, { interpolation: 'lerp' })
  applyToAllSegments(0)
  expect(places()).toEqual([measuredPlaces(4), measuredPlaces(6)])
  await endAll()
  expect(outdated()).toEqual([])
})

it('does not begin a cancelled measurement again after a rename, or an edit of another segment', async () => {
  changeSettings()
  await settle()
  useEvenTiming().cancel()
  await settle()
  renameItem(fourth(), 'Castle')
  changeSegmentAt(1, { frames: 9 })
  await endAll()
  expect(asked()).toEqual([[0]])
  expect(outdated()).toEqual([0])
})

it('goes on with its measurement while a picture is added and another segment is edited (would catch one that starts over)', async () => {
  changeSettings()
  await settle()
  useLibrary().add([pictureInfo('e.png')])
  changeSegmentAt(1, { frames: 9 })
  await endAll()
  expect(asked()).toEqual([[0]])
  expect(places()).toEqual([measuredPlaces(4), undefined])
  expect(outdated()).toEqual([])
})

it('waits for a search of another segment that the person began, and measures then', async () => {
  void timeEvenly(1)
  await nextTick()
  writePrompt(useLibrary().pictures[0], 'a castle')
  await settle()
  expect(asked()).toEqual([[1]])
  await endAll()
  expect(asked()).toEqual([[1], [0]])
  expect(places()).toEqual([measuredPlaces(4), measuredPlaces(6)])
  expect(outdated()).toEqual([])
})

it('makes way for a search of another segment, and measures again after it (would catch a segment that stays outdated)', async () => {
  changeSettings()
  await settle()
  void timeEvenly(1)
  await endAll()
  expect(asked()).toEqual([[0], [1], [0]])
  expect(places()).toEqual([measuredPlaces(4), measuredPlaces(6)])
  expect(outdated()).toEqual([])
})

it('ends a search of what is no longer there, and measures what is there', async () => {
  changeSettings()
  await settle()
  changeSegmentAt(0, { frames: 7 })
  await vi.advanceTimersByTimeAsync(1)
  expect(underWay.size).toBe(0)
  await endAll()
  expect(asked()).toEqual([[0], [0]])
  expect(places()[0]).toEqual(measuredPlaces(7))
})

it('measures again once a missing file is found', async () => {
  const { path } = useLibrary().pictures[1].info
  useMissing().paths = new Set([path])
  await settle()
  changeSettings()
  await settle()
  for (const end of underWay) end(false)
  await settle()
  expect(outdated()).toEqual([0])
  useMissing().noteRead([path])
  await endAll()
  expect(outdated()).toEqual([])
})

it('waits for a running search although another could not begin meanwhile (would catch a window that freezes for good)', async () => {
  useLibrary().addLatents([
    { kind: 'mix', id: 'mix', name: 'Mix', parts: [{ source: fourth().id, weight: 1 }] },
  ])
  useTimeline().insert(['mix'])
  void timeEvenly(1)
  await settle()
  useLibrary().remove([fourth().id])
  void timeEvenly(2)
  await settle()
  // Waiting for what is over already would go on forever, and so would this test.
  const looks = vi.spyOn(useEvenTiming(), 'isAtWorkOn').mockImplementation(() => {
    if (looks.mock.calls.length > 100) throw new Error('It waits in vain.')
    return false
  })
  changeSegmentAt(0, { frames: 7 })
  await settle()
  expect(asked()).toEqual([[1]])
  expect(looks.mock.results.filter(({ type }) => type === 'throw')).toEqual([])
  expect(underWay.size).toBe(1)
  await endAll()
  expect(places()[1]).toEqual(measuredPlaces(6))
  expect(outdated()).toEqual([0])
})
