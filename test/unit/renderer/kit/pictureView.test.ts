import { describe, expect, it } from 'vitest'
import { panBy, pictureRect, wholePicture, zoomAt } from '../../../../src/renderer/kit/pictureView'

const box = { width: 400, height: 300 }
const picture = { width: 64, height: 64 }

describe('pictureView', () => {
  it('fits the whole picture into the middle of the box', () => {
    expect(pictureRect(box, picture, wholePicture)).toEqual({ x: 50, y: 0, width: 300, height: 300 })
  })

  it('keeps the point under the pointer where it is (else zooming runs away)', () => {
    const anchor = { x: 120, y: 90 }
    const zoomed = zoomAt(wholePicture, 4, box, picture, anchor)
    const before = pictureRect(box, picture, wholePicture)
    const after = pictureRect(box, picture, zoomed)
    expect((anchor.x - after.x) / after.width).toBeCloseTo((anchor.x - before.x) / before.width, 10)
    expect((anchor.y - after.y) / after.height).toBeCloseTo((anchor.y - before.y) / before.height, 10)
  })

  it('never zooms out of the fit and comes back to the middle', () => {
    const zoomed = zoomAt(wholePicture, 4, box, picture, { x: 0, y: 0 })
    expect(zoomAt(zoomed, 0.001, box, picture, { x: 10, y: 10 })).toEqual(wholePicture)
  })

  it('cannot lose the picture by panning', () => {
    const zoomed = zoomAt(wholePicture, 2, box, picture, { x: 200, y: 150 })
    const far = pictureRect(box, picture, panBy(zoomed, box, picture, 1e6, -1e6))
    expect(far.x).toBeLessThanOrEqual(box.width / 2)
    expect(far.y + far.height).toBeGreaterThanOrEqual(box.height / 2)
  })
})
