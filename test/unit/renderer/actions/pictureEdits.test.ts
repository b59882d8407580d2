import { beforeEach, expect, it } from 'vitest'
import { removeItems } from '../../../../src/renderer/actions/pictureEdits'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { useTimeline } from '../../../../src/renderer/stores/timeline'
import { installFakeStudio, pictureInfo } from '../fakeStudio'

beforeEach(() => {
  installFakeStudio({})
  useLibrary().add(['a.png', 'b.png', 'c.png'].map(pictureInfo))
  const [a, b] = useLibrary().pictures.map(({ id }) => id)
  const parts = [a, b].map((source) => ({ source, weight: 0.5 }))
  useLibrary().addLatents([{ id: 'mix', name: 'Mix', kind: 'mix', parts }])
})

/** Puts the items at these places onto the timeline, then removes some; returns what is said about it. */
function said(stops: number[], removed: number[]): string | null {
  const items = useLibrary().items
  useTimeline().insert(stops.map((at) => items[at].id))
  removeItems(removed.map((at) => items[at]))
  return useNotices().notices[0].detail
}

it.each([
  [[2, 0, 1], [2], '1 stop of the film was removed too.'],
  [[2, 0, 2], [2], '2 stops of the film were removed too.'],
  [[2], [0], '1 latent made from it was removed too.'],
  [[2, 0, 3], [0], '1 latent made from it and 2 stops of the film were removed too.'],
  [[2], [0, 1], '1 latent made from them was removed too.'],
  [[0], [2], null],
])('of stops %j, removing %j from the library says: %s', (stops, removed, expected) => {
  expect(said(stops, removed)).toBe(expected)
})
