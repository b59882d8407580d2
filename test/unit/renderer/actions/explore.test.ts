import { expect, it } from 'vitest'
import { appendRecording, evenlyInTime } from '../../../../src/renderer/actions/explore'
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

it.each([
  ['nothing moved', [{ seconds: 10, point: { x: 0, y: 0 } }]],
  ['the point stayed at its place', [10, 11].map((seconds) => ({ seconds, point: { x: 0.5, y: 0 } }))],
])('says that there is no path if %s (would catch a button that does nothing)', (_, samples) => {
  installFakeStudio({})
  useLibrary().addLatents([1, 2, 3].map((seed) => ({ id: `s${seed}`, name: 's', kind: 'seed', seed })))
  appendRecording(samples)
  expect(useTimeline().path.stops).toEqual([])
  expect(useNotices().log.map(({ title }) => title)).toEqual(['No path was recorded'])
})
