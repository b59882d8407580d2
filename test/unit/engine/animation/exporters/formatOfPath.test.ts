import { describe, expect, it } from 'vitest'
import { formatOfPath } from '#engine/animation/exporters/formatOfPath'

describe('formatOfPath', () => {
  it.each([
    ['frames', 'png'],
    ['out/v1.2/frames', 'png'],
    ['frames.gif/', 'png'],
    ['sheet.png', 'sheet'],
    ['a.gif', 'gif'],
    ['A.WebP', 'webp'],
    ['a.b.apng', 'apng'],
    ['film.mp4', 'mp4'],
    ['film.webm', 'webm'],
  ])('%s asks for %s', (path, format) => expect(formatOfPath(path)).toBe(format))

  it.each(['film.avi', 'picture.jpg', 'frames.'])('refuses %s and lists the endings there are', (path) => {
    expect(() => formatOfPath(path)).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringMatching(/\.gif.*\.webp.*\.mp4/) }),
    )
  })
})
