import { expect, it } from 'vitest'
import { endRecording, evenlyInTime } from '../../../../src/renderer/actions/explore'
import { putWork } from '../../../../src/renderer/actions/project'
import { useDocument } from '../../../../src/renderer/stores/document'
import { useExplore } from '../../../../src/renderer/stores/explore'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { useTimeline } from '../../../../src/renderer/stores/timeline'
import { installFakeStudio } from '../fakeStudio'

it('keeps the timing of a recording: slow where the pointer was slow, from its first to its last moment', () => {
  // One second to the right, a rest of one second, and back in half a second.
  const samples = [
    { seconds: 10, point: { x: 0, y: 0 } },
    { seconds: 11, point: { x: 1, y: 0 } },
    { seconds: 12, point: { x: 1, y: 0 } },
    { seconds: 12.5, point: { x: 0, y: 0 } },
    { seconds: 13, point: { x: 0, y: 0 } },
  ]
  const points = evenlyInTime(samples)
  expect(points).toHaveLength(10)
  const places = points.map(({ x }) => Number(x.toFixed(3)))
  expect(places).toEqual([0, 0.333, 0.667, 1, 1, 1, 1, 0.333, 0, 0])
  expect(evenlyInTime(samples.slice(0, 1))).toEqual([])
})

it('ends where the recording ends, whatever its times (would catch a last stop in a corner through rounding)', () => {
  for (let at = 0; at < 2000; at++) {
    const first = 8.1234 + 0.0371 * at
    const last = first + 8.0007 + ((0.0553 * at) % 20)
    const points = evenlyInTime([
      { seconds: first, point: { x: 0, y: 0 } },
      { seconds: first + 0.4, point: { x: 0, y: -0.1 } },
      { seconds: last - 1, point: { x: 0.3, y: 0.2 } },
      { seconds: last, point: { x: 0.5, y: 0.2 } },
    ])
    const end = points.at(-1)!
    expect([end.x.toFixed(6), end.y.toFixed(6)]).toEqual(['0.500000', '0.200000'])
  }
})

/** A pad with four seeds around it, of which the first three are selected. */
function openPad(): ReturnType<typeof useExplore> {
  installFakeStudio({ 'latent.info': () => ({ fidelity: null }) })
  const seeds = [1, 2, 3, 4].map((seed) => ({ id: `s${seed}`, name: 's', kind: 'seed' as const, seed }))
  useLibrary().addLatents(seeds)
  useLibrary().select(['s1', 's2', 's3'])
  return useExplore()
}

it.each([
  ['nothing moved', []],
  ['the point stayed at its place', [{ x: 0, y: 0 }]],
])('says that there is no path if %s (would catch a button that does nothing)', (_, points) => {
  const explore = openPad()
  explore.record()
  for (const point of points) explore.move(point, 1)
  endRecording()
  expect(explore.recording).toBeNull()
  expect(useTimeline().path.stops).toEqual([])
  expect(useNotices().log.map(({ title }) => title)).toEqual(['No path was recorded'])
})

it('mixes what was on the pad when the recording began, whatever is selected by then (would catch a path over other pictures)', () => {
  const explore = openPad()
  explore.record()
  explore.move({ x: 0.2, y: 0.1 }, 1)
  useLibrary().select(['s2', 's3', 's4'])
  explore.mode = 'direction'
  explore.mode = 'pad'
  expect(explore.padItems.map(({ id }) => id)).toEqual(['s1', 's2', 's3'])
  explore.move({ x: 0.1, y: 0.3 }, 2)
  endRecording()
  const sources = useLibrary().latents.flatMap((latent) =>
    latent.kind === 'mix' ? latent.parts.map(({ source }) => source) : [],
  )
  expect([...new Set(sources)].sort()).toEqual(['s1', 's2', 's3'])
  // Two seconds, three stops in each, the first and the last included.
  expect(useTimeline().path.stops).toHaveLength(7)
  expect(explore.padItems.map(({ id }) => id)).toEqual(['s2', 's3', 's4'])
})

it('ends a recording with a sentence once something on the pad is gone (would catch mixes of nothing)', () => {
  const explore = openPad()
  explore.record()
  explore.move({ x: 0.2, y: 0.1 }, 1)
  useLibrary().remove(['s4'])
  expect(explore.recording).not.toBeNull()
  useLibrary().remove(['s2'])
  expect(explore.recording).toBeNull()
  expect(useNotices().log.map(({ title }) => title)).toEqual(['The recording of a path has ended'])
})

it('forgets a recording when other work opens, also if its items have the same ids (would catch a path of another project)', () => {
  const explore = openPad()
  explore.record()
  explore.move({ x: 0.2, y: 0.1 }, 1)
  const document = useDocument().value
  putWork({ document, path: null, saved: document })
  expect(explore.recording).toBeNull()
  expect(useNotices().log).toEqual([])
})
