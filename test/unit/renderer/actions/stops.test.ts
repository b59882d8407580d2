import { beforeEach, describe, expect, it } from 'vitest'
import { history } from '../../../../src/renderer/actions/history'
import { addMarker, setWorkAreaEnd } from '../../../../src/renderer/actions/markers'
import { removeItems } from '../../../../src/renderer/actions/pictureEdits'
import {
  copyStops,
  duplicateStops,
  holdStop,
  moveStopTo,
  nudgeStops,
  pasteStops,
  removeStops,
} from '../../../../src/renderer/actions/stops'
import { useDocument } from '../../../../src/renderer/stores/document'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { usePlayer } from '../../../../src/renderer/stores/player'
import { useSelection } from '../../../../src/renderer/stores/selection'
import { useTimeline } from '../../../../src/renderer/stores/timeline'
import { useTimelineView } from '../../../../src/renderer/stores/timelineView'
import { installFakeStudio, pictureInfo } from '../fakeStudio'

beforeEach(() => {
  installFakeStudio({})
  useLibrary().add(['a.png', 'b.png', 'c.png'].map(pictureInfo))
  useTimeline().insert(useLibrary().pictures.map(({ id }) => id))
})

const names = () => useTimeline().items.map(({ name }) => name)
const ids = () => useTimeline().path.stops.map(({ id }) => id)

/** Makes a change, and checks that one undo reverts all of it and one redo restores it. */
function once(change: () => void): void {
  const before = useDocument().value
  change()
  const after = useDocument().value
  expect(after).not.toEqual(before)
  history.undo()
  expect(useDocument().value).toEqual(before)
  history.redo()
  expect(useDocument().value).toEqual(after)
}

describe('edits of stops', () => {
  it('pastes copies with new ids and their segment in one undo step, and selects them', () => {
    useTimeline().change(1, { frames: 7 })
    copyStops([2, 1])
    once(() => {
      pasteStops(1)
      expect(useSelection().stops).toEqual([1, 2])
    })
    expect(names()).toEqual(['A', 'B', 'C', 'B', 'C'])
    expect(useTimeline().path.segments[1].frames).toBe(7)
    expect(new Set(ids()).size).toBe(5)
  })

  it('pastes only stops that are still in the library, and reports the others (would catch a stop without a source)', () => {
    useTimeline().change(0, { frames: 7 })
    copyStops([0, 1, 2])
    const [, b] = useLibrary().pictures
    removeItems([b])
    const told = () => useNotices().log[0].title
    once(() => pasteStops(0))
    expect([names(), told()]).toEqual([['A', 'C', 'A', 'C'], '1 stop wasn’t pasted'])
    expect(useTimeline().path.segments[0].frames).toBe(7)
    removeItems(useLibrary().pictures)
    pasteStops(0)
    expect([names(), told()]).toEqual([[], '3 stops weren’t pasted'])
  })

  it('duplicates, removes and moves several stops in one undo step each', () => {
    once(() => {
      duplicateStops([0, 1])
      expect(useSelection().stops).toEqual([2, 3])
    })
    expect(names()).toEqual(['A', 'B', 'A', 'B', 'C'])
    once(() => removeStops([1, 3]))
    expect(names()).toEqual(['A', 'A', 'C'])
    const [, , end] = useTimeline().stopsAt
    once(() => nudgeStops([1, 2], 5))
    expect(useTimeline().stopsAt[2]).toBe(end + 5)
  })

  it('moves stops of an overlong film by a frame, but not its end any later (would catch one that jumps back by thousands of frames)', () => {
    const timeline = useTimeline()
    timeline.change(0, { frames: 100_000 })
    const [, , end] = timeline.stopsAt
    nudgeStops([1], 1)
    expect(timeline.stopsAt).toEqual([0, 100_001, end])
    nudgeStops([1, 2], 1)
    expect(timeline.stopsAt).toEqual([0, 100_001, end])
    nudgeStops([2], -1)
    expect(timeline.stopsAt).toEqual([0, 100_001, end - 1])
    timeline.close(true)
    nudgeStops([2], 1)
    expect(timeline.stopsAt).toEqual([0, 100_001, end])
  })

  it('moves the end of a film as far as the film may be long', () => {
    const timeline = useTimeline()
    timeline.change(0, { frames: 99_900 })
    nudgeStops([2], 1000)
    expect(timeline.total).toBe(100_000)
  })

  it('moves no stop from or to a place that the path does not have (would catch a stop without a source)', () => {
    const before = useDocument().value
    for (const [from, to] of [
      [3, 0],
      [-1, 0],
      [0, 3],
      [0, -1],
    ])
      moveStopTo(from, to)
    expect(useDocument().value).toBe(before)
  })

  it('holds for a second at a stop in the middle and at the end', () => {
    const { fps } = useTimeline()
    for (const stop of [1, 3]) {
      once(() => holdStop(stop))
      const { segments } = useTimeline().path
      expect(segments[stop]).toMatchObject({ easing: 'hold', frames: fps })
    }
    expect(names()).toEqual(['A', 'B', 'B', 'C', 'C'])
  })

  it.each([1, 2])('holds at stop %i of a loop without a change of any other segment', (stop) => {
    const timeline = useTimeline()
    timeline.close(true)
    const lengths = [4, 5, 6]
    for (const [at, frames] of lengths.entries()) {
      timeline.change(at, {
        frames,
        fractions: Array.from({ length: frames - 1 }, (_, i) => (i + 1) / frames),
      })
    }
    const { segments } = timeline.path
    holdStop(stop)
    expect(timeline.path.segments).toEqual([
      ...segments.slice(0, stop),
      { easing: 'hold', frames: timeline.fps, interpolation: 'slerp' },
      ...segments.slice(stop),
    ])
  })
})

describe('the selection', () => {
  it('is either stops or a segment, and is cleared by a selection in the library', () => {
    const selection = useSelection()
    selection.selectStops([0, 1])
    expect(useLibrary().selected.map(({ name }) => name)).toEqual(['A', 'B'])
    selection.selectSegment(1)
    expect([selection.stops, selection.segment, useLibrary().selected]).toEqual([[], 1, []])
    useLibrary().select([useLibrary().pictures[2].id])
    expect(selection.segment).toBeNull()
  })

  it('stays on its stops when others are removed, and is empty once they are removed', () => {
    const selection = useSelection()
    selection.selectStops([1, 2])
    removeStops([0])
    expect(selection.stops).toEqual([0, 1])
    removeStops([0, 1])
    expect(selection.stops).toEqual([])
  })
})

describe('editing markers and the work area', () => {
  it('keeps markers in order, one per frame, and can be undone', () => {
    for (const frame of [9, 3, 9]) {
      usePlayer().seek(frame)
      addMarker()
    }
    expect(useTimeline().markers.map(({ frame }) => frame)).toEqual([3, 9])
    history.undo()
    expect(useTimeline().markers.map(({ frame }) => frame)).toEqual([9])
  })

  it('never lets the work area end before it starts, and clears it when it covers the whole film', () => {
    const timeline = useTimeline()
    setWorkAreaEnd('start', 10)
    setWorkAreaEnd('end', 20)
    expect(timeline.workArea).toEqual({ start: 10, end: 20 })
    setWorkAreaEnd('end', 5)
    expect(timeline.workArea).toEqual({ start: 5, end: 5 })
    setWorkAreaEnd('start', 0)
    setWorkAreaEnd('end', timeline.total + 5)
    expect(timeline.workArea).toBeNull()
  })
})

describe('the window of the timeline', () => {
  it('zooms around a fixed frame, pans only within its limits, and fits the whole film again', () => {
    const view = useTimelineView()
    const share = () => (30 - view.start) / view.visible
    const before = share()
    view.zoomBy(4, 30)
    expect(view.visible).toBeCloseTo(view.span / 4)
    expect(share()).toBeCloseTo(before)
    view.pan(-1e9)
    expect(view.start).toBe(0)
    view.pan(1e9)
    expect(view.start + view.visible).toBeCloseTo(view.span)
    view.zoomBy(1e9)
    expect(view.visible).toBeGreaterThanOrEqual(4)
    view.fit()
    expect([view.start, view.visible]).toEqual([0, view.span])
  })

  it('follows the playhead when it moves out of view', () => {
    const view = useTimelineView()
    view.zoomBy(8, 0)
    usePlayer().seek(60)
    return Promise.resolve().then(() => {
      expect(view.start).toBeLessThanOrEqual(60)
      expect(view.start + view.visible).toBeGreaterThanOrEqual(60)
    })
  })
})
