import { describe, expect, it } from 'vitest'
import type { Pixels } from '#core/picture/pixels'
import { type Rectangle, resample } from '#core/picture/resample'
import { noise, paint } from '../../../fixtures/paint'

function whole({ width, height }: Pixels): Rectangle {
  return { x: 0, y: 0, width, height }
}

/** Lanczos-3 by its definition: one sum over all source pixels for every value, not separated by axis. */
function directLanczos(
  source: Pixels,
  width: number,
  height: number,
  x: number,
  y: number,
  channel: number,
): number {
  const sinc = (v: number) => (v === 0 ? 1 : Math.sin(Math.PI * v) / (Math.PI * v))
  const kernel = (v: number) => (Math.abs(v) < 3 ? sinc(v) * sinc(v / 3) : 0)
  const weightAlong = (from: number, to: number, size: number, targetSize: number) => {
    const scale = size / targetSize
    return kernel((from + 0.5 - (to + 0.5) * scale) / Math.max(1, scale))
  }
  let [sum, weights] = [0, 0]
  for (let i = 0; i < source.width * source.height; i++) {
    const [column, row] = [i % source.width, Math.floor(i / source.width)]
    const weight = weightAlong(column, x, source.width, width) * weightAlong(row, y, source.height, height)
    sum += weight * source.data[i * 4 + channel]
    weights += weight
  }
  return Math.min(255, Math.max(0, sum / weights))
}

describe('resample', () => {
  it('changes nothing at the same size', () => {
    const source = noise(13, 7)
    expect(resample(source, whole(source), 13, 7)).toEqual(source)
  })

  it.each([
    [5, 4],
    [40, 3],
    [31, 60],
  ])('agrees with the definition of Lanczos-3 at %i x %i, edges included', (width, height) => {
    const source = noise(23, 17)
    const target = resample(source, whole(source), width, height)
    for (let i = 0; i < width * height * 4; i++) {
      const [pixel, channel] = [i >> 2, i & 3]
      const expected = directLanczos(source, width, height, pixel % width, Math.floor(pixel / width), channel)
      expect(Math.abs(target.data[i] - expected)).toBeLessThan(0.51)
    }
  })

  it('shrinks a chessboard to uniform grey without aliasing', () => {
    const board = paint(255, 255, (x, y) => ((x + y) % 2 ? [255, 255, 255, 255] : [0, 0, 0, 255]))
    const { data } = resample(board, whole(board), 16, 16)
    for (let i = 0; i < data.length; i += 4) expect(Math.abs(data[i] - 127.5)).toBeLessThan(2)
  })

  it('keeps a uniform colour at a fractional enlargement: the weights of every pixel sum to 1', () => {
    const source = paint(5, 5, () => [10, 130, 251, 255])
    const { data } = resample(source, { x: 0.3, y: 0.7, width: 4.1, height: 3.9 }, 37, 41)
    for (let i = 0; i < data.length; i += 4) expect([...data.subarray(i, i + 4)]).toEqual([10, 130, 251, 255])
  })

  it('does not mix in pixels from far outside the region', () => {
    const source = paint(100, 10, (x) => (x < 50 ? [0, 0, 0, 255] : [255, 255, 255, 255]))
    const { data } = resample(source, { x: 60, y: 0, width: 10, height: 10 }, 10, 10)
    expect(Math.min(...data)).toBe(255)
  })

  it('blends transparent pixels onto the background without their hidden colours', () => {
    const source = paint(8, 8, (x) => (x < 4 ? [255, 0, 0, 0] : [0, 0, 255, 128]))
    const { data } = resample(source, whole(source), 8, 8, { background: [100, 200, 40] })
    expect([...data.subarray(0, 4)]).toEqual([100, 200, 40, 255])
    // 128/255 of blue over the background.
    expect([...data.subarray(28, 32)]).toEqual([50, 100, 148, 255])
  })
})
