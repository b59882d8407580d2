import { describe, expect, it } from 'vitest'
import {
  exportFormat,
  exportFormatRows,
  formatOfPath,
  listEndings,
  repeatIn,
  shownFrames,
} from '#shared/exportFormats'

describe('formatOfPath', () => {
  it.each([
    ['frames', 'png'],
    ['out/v1.2/frames', 'png'],
    ['frames.gif/', 'png'],
    ['.hidden', 'png'],
    ['sheet.png', 'contactSheet'],
    ['a.gif', 'gif'],
    ['A.WebP', 'webp'],
    ['a.b.apng', 'apng'],
    ['film.mp4', 'mp4'],
    ['C:\\films\\film.webm', 'webm'],
  ])('maps %s to %s', (path, format) => expect(formatOfPath(path)).toBe(format))

  it.each(['film.avi', 'picture.jpg', 'frames.'])('rejects %s and lists the valid endings', (path) => {
    expect(() => formatOfPath(path)).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringMatching(/\.gif.*\.webp.*\.mp4/) }),
    )
  })
})

const chosen = exportFormatRows.filter(({ askedForBy }) => askedForBy !== null)
const withEnding = chosen.filter(({ askedForBy }) => askedForBy !== '')

it.each(chosen)(
  '$id is chosen by a name with its ending (would catch an ending that two rows claim)',
  ({ id, askedForBy }) => {
    expect(formatOfPath(askedForBy === '' ? 'name' : `name.${askedForBy}`)).toBe(id)
  },
)

it.each(withEnding)('$id has the ending that chooses it in the dialog', ({ askedForBy, endings }) => {
  expect(endings).toContain(askedForBy)
})

it('only a still is chosen by no name', () => {
  expect(exportFormatRows.filter((row) => !chosen.includes(row)).map(({ id }) => id)).toEqual(['still'])
})

it.each([
  // 16 bits in the logical screen descriptor.
  ['gif', 2 ** 16 - 1],
  // 14 bits in the bitstream of VP8, and also in that of lossless WebP, which counts from 1.
  ['webp', 2 ** 14 - 1],
  // MAX_RESOLUTION in x264's encoder.c.
  ['mp4', 2 ** 14],
  // RANGE_CHECK of g_w and g_h in libvpx's vp9_cx_iface.c.
  ['webm', 2 ** 16 - 1],
  ['apng', Infinity],
] as const)('%s holds %d pixels a side (would catch an export that its encoder ends late)', (id, side) => {
  expect(exportFormat(id).longestSide).toBe(side)
})

it.each(exportFormatRows.filter(({ frames }) => frames === 'all'))(
  '$id shows all frames in the order of playback',
  ({ id }) => {
    expect(shownFrames(3, { format: id, repeat: 'forever', frame: 1 })).toEqual([0, 1, 2])
    expect(shownFrames(3, { format: id, repeat: 'ping-pong' })).toEqual([0, 1, 2, 1])
  },
)

it('repeats a film as its player does only where a format plays (would catch a contact sheet with frames twice)', () => {
  expect(repeatIn('gif', 'ping-pong')).toBe('ping-pong')
  for (const format of ['png', 'contactSheet', 'still'] as const)
    expect(repeatIn(format, 'ping-pong')).toBe('once')
})

it('still shows the requested frame, or else the middle one, and never one beyond the end', () => {
  expect(shownFrames(9, { format: 'still', repeat: 'ping-pong' })).toEqual([4])
  expect(shownFrames(9, { format: 'still', repeat: 'forever', frame: 2 })).toEqual([2])
  expect(shownFrames(3, { format: 'still', repeat: 'forever', frame: 8 })).toEqual([2])
})

it('lists endings in words, such as ".mp4 or .webm"', () => {
  expect(listEndings(({ video }) => video)).toBe('.mp4 or .webm')
  expect(listEndings(({ plays, video }) => plays && !video)).toBe('.gif, .webp or .apng')
})

it('shows only the frames of a range, in each order of playback, while a still may be any frame', () => {
  const range = { start: 2, end: 4 }
  expect(shownFrames(9, { format: 'gif', repeat: 'once', range })).toEqual([2, 3, 4])
  expect(shownFrames(9, { format: 'gif', repeat: 'ping-pong', range })).toEqual([2, 3, 4, 3])
  expect(shownFrames(9, { format: 'still', repeat: 'once', range, frame: 8 })).toEqual([8])
  expect(shownFrames(9, { format: 'still', repeat: 'once', range: { start: 6, end: 8 } })).toEqual([7])
})
