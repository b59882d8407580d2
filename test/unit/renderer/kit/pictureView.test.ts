import { describe, expect, it } from 'vitest'
import {
  panBy,
  pictureRect,
  pictureScale,
  wholePicture,
  zoomAt,
} from '../../../../src/renderer/kit/pictureView'

const box = { width: 400, height: 300 }
const picture = { width: 64, height: 64 }

describe('pictureView', () => {
  it('fits the whole picture into the middle of the box', () => {
    expect(pictureRect(box, picture, wholePicture)).toEqual({ x: 50, y: 0, width: 300, height: 300 })
  })

  it('keeps the point under the pointer in place while zooming', () => {
    const anchor = { x: 120, y: 90 }
    const zoomed = zoomAt(wholePicture, 4, box, picture, anchor)
    const before = pictureRect(box, picture, wholePicture)
    const after = pictureRect(box, picture, zoomed)
    expect((anchor.x - after.x) / after.width).toBeCloseTo((anchor.x - before.x) / before.width, 10)
    expect((anchor.y - after.y) / after.height).toBeCloseTo((anchor.y - before.y) / before.height, 10)
  })

  it('never zooms out beyond the fit, and is centred again there', () => {
    const zoomed = zoomAt(wholePicture, 4, box, picture, { x: 0, y: 0 })
    expect(zoomAt(zoomed, 0.001, box, picture, { x: 10, y: 10 })).toEqual(wholePicture)
  })

  it('keeps the picture in view however far it is panned', () => {
    const zoomed = zoomAt(wholePicture, 2, box, picture, { x: 200, y: 150 })
    const far = pictureRect(box, picture, panBy(zoomed, box, picture, 1e6, -1e6))
    expect(far.x).toBeLessThanOrEqual(box.width / 2)
    expect(far.y + far.height).toBeGreaterThanOrEqual(box.height / 2)
  })

  it('gives sharp pixels one size, a whole multiple of the quantum, at any zoom', () => {
    for (let zoom = 1; zoom < 9; zoom += 0.37) {
      for (const quantum of [1, 0.5]) {
        const view = { ...wholePicture, zoom, quantum }
        const scale = pictureScale(box, picture, view)
        expect(Number.isInteger(scale / quantum)).toBe(true)
        expect(scale).toBeLessThanOrEqual((300 / 64) * zoom)
        expect(scale).toBeGreaterThan((300 / 64) * zoom - quantum)
      }
    }
    expect(pictureScale({ width: 512, height: 600 }, picture, { ...wholePicture, quantum: 1 })).toBe(8)
  })

  it('still fits a picture that is larger than its box', () => {
    const large = { width: 1000, height: 500 }
    expect(pictureRect(box, large, { ...wholePicture, quantum: 1 })).toMatchObject({
      width: 400,
      height: 200,
    })
  })
})
