import { expect, it } from 'vitest'
import { describeSheet, previewedFrames } from '../../../../../src/renderer/views/export/useExportPreview'

it('shows the frame under the playhead if it is exported, else the first exported frame (would catch a frame that the file lacks)', () => {
  expect(previewedFrames(5, { start: 0, end: 9 })).toEqual([5, 0])
  expect(previewedFrames(5, { start: 6, end: 9 })).toEqual([6])
  expect(previewedFrames(9, { start: 2, end: 5 })).toEqual([2])
})

it('says how many frames of a contact sheet are missing (would catch unexplained grey cells)', () => {
  expect(describeSheet([{}, {}, {}, {}, {}])).toBe('3 × 2 frames')
  expect(describeSheet([{}, null, null])).toBe('2 × 2 frames, 2 not rendered yet')
})
