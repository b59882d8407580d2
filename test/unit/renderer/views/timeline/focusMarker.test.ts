import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { focusMarker } from '../../../../../src/renderer/views/timeline/focusMarker'

let markers: string[]
let focused: string

beforeEach(() => {
  focused = 'nothing'
  const flag = (marker: string) => ({ dataset: { marker }, focus: () => (focused = marker) })
  vi.stubGlobal('document', {
    querySelectorAll: () => markers.map(flag),
    querySelector: () => ({ focus: () => (focused = 'playhead') }),
  })
})
afterEach(() => vi.unstubAllGlobals())

it.each([
  ['the marker itself, wherever it is now', ['n', 'm'], 0, 'm'],
  ['the one in the place of a removed one', ['k', 'n'], 1, 'n'],
  ['the last one if the last was removed', ['k', 'l'], 2, 'l'],
  ['the playhead if none is left', [], 0, 'playhead'],
])(
  'focuses %s (would catch a focus that is lost, so that the next arrow key moves the playhead)',
  async (_what, left, at, expected) => {
    markers = left
    await focusMarker('m', at)
    expect(focused).toBe(expected)
  },
)
