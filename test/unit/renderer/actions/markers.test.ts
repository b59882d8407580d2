import { beforeEach, describe, expect, it } from 'vitest'
import { runByKey } from '../../../../src/renderer/actions/actionRows'
import { history } from '../../../../src/renderer/actions/history'
import { markerRows } from '../../../../src/renderer/actions/markerRows'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useTimeline } from '../../../../src/renderer/stores/timeline'
import { useTimelineView } from '../../../../src/renderer/stores/timelineView'
import { installFakeStudio, pictureInfo } from '../fakeStudio'

const frames = () => useTimeline().markers.map(({ id, frame }) => `${id} ${frame}`)

beforeEach(() => {
  installFakeStudio({})
  useLibrary().add(['a.png', 'b.png'].map(pictureInfo))
  const timeline = useTimeline()
  timeline.insert(useLibrary().pictures.map(({ id }) => id))
  timeline.change(0, { frames: 30 })
  timeline.markers = [
    { id: 'm', frame: 8, name: 'M' },
    { id: 'n', frame: 12, name: 'N' },
  ]
  history.clear()
})

/** Presses Alt and an arrow key at a marker, as its flag does. */
function press(id: string, key: string, shiftKey: boolean): boolean {
  const marker = useTimeline().markers.find((one) => one.id === id)!
  return runByKey(markerRows(marker), { key, shiftKey, altKey: true, ctrlKey: false, metaKey: false })
}

describe('moving a marker with the keyboard', () => {
  it('moves by a frame with Shift, as stops do, and by ten without; markers stay in order', () => {
    expect(press('m', 'ArrowRight', true)).toBe(true)
    expect(frames()).toEqual(['m 9', 'n 12'])
    press('m', 'ArrowRight', false)
    expect(frames()).toEqual(['n 12', 'm 19'])
    press('m', 'ArrowLeft', true)
    press('m', 'ArrowLeft', false)
    expect(frames()).toEqual(['m 8', 'n 12'])
  })

  it('ends at the ends of the film (would catch a marker outside of it)', () => {
    press('m', 'ArrowLeft', false)
    expect(frames()).toEqual(['m 0', 'n 12'])
    expect(press('m', 'ArrowLeft', true)).toBe(false)
    for (let times = 0; times < 3; times++) press('n', 'ArrowRight', false)
    // Thirty frames lead from the first stop to the second, which is the last frame.
    expect(frames()).toEqual(['m 0', 'n 30'])
    expect(press('n', 'ArrowRight', true)).toBe(false)
  })

  it('is one undo step for moves in a row of one marker (would catch an undo for every frame)', () => {
    for (let times = 0; times < 3; times++) press('m', 'ArrowRight', true)
    press('n', 'ArrowRight', true)
    history.undo()
    expect(frames()).toEqual(['m 11', 'n 12'])
    history.undo()
    expect(frames()).toEqual(['m 8', 'n 12'])
  })

  it('stays in the zoomed view of the timeline', () => {
    const view = useTimelineView()
    view.zoomBy(8, 12)
    press('n', 'ArrowRight', false)
    expect(view.start).toBeLessThanOrEqual(22)
    expect(view.start + view.visible).toBeGreaterThanOrEqual(22)
  })
})
