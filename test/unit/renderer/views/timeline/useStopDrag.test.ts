import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, shallowRef, type EffectScope } from 'vue'
import { history } from '../../../../../src/renderer/actions/history'
import { moveStopTo, removeStops } from '../../../../../src/renderer/actions/stops'
import { useLibrary } from '../../../../../src/renderer/stores/library'
import { useTimeline } from '../../../../../src/renderer/stores/timeline'
import { useStopDrag } from '../../../../../src/renderer/views/timeline/useStopDrag'
import { installFakeStudio, pictureInfo } from '../../fakeStudio'

/** The button of a stop, which is also where an event happens. */
class StopButton {
  readonly dataset: { strip: string }
  constructor(stop: number) {
    this.dataset = { strip: `stop-${stop}` }
  }
  closest = () => this
}

let scope: EffectScope
let drag: ReturnType<typeof useStopDrag>
beforeEach(() => {
  installFakeStudio({})
  vi.stubGlobal('window', Object.assign(new EventTarget(), { studio: window.studio }))
  vi.stubGlobal('Element', StopButton)
  useLibrary().add(['a.png', 'b.png', 'c.png'].map(pictureInfo))
  useTimeline().insert(useLibrary().pictures.map(({ id }) => id))
  history.clear()
  scope = effectScope()
  scope.run(() => (drag = useStopDrag(shallowRef(null), () => 1)))
})
afterEach(() => {
  scope.stop()
  vi.unstubAllGlobals()
})

/** Presses on a stop and moves the pointer by as many pixels, one for each frame. */
function dragBy(stop: number, pixels: number): void {
  const press = { target: new StopButton(stop), button: 0, pointerId: 1, clientX: 0, altKey: true }
  drag.handlers.pointerdown(press as unknown as PointerEvent)
  drag.handlers.pointermove({ ...press, clientX: pixels } as unknown as PointerEvent)
}
const names = () => useTimeline().items.map(({ name }) => name)

it('moves a stop in time, or past its neighbour', () => {
  const [, middle] = useTimeline().stopsAt
  dragBy(1, 9)
  drag.handlers.pointerup()
  expect(useTimeline().stopsAt[1]).toBe(middle + 9)
  dragBy(1, -middle - 40)
  drag.handlers.pointerup()
  expect(names()).toEqual(['B', 'A', 'C'])
})

it('is cancelled when its stop is removed (would catch a stop without a source in the document)', () => {
  dragBy(2, -100)
  removeStops([2])
  expect([drag.gap.value, drag.frame.value]).toEqual([null, null])
  drag.handlers.pointerup()
  expect(names()).toEqual(['A', 'B'])
  expect(useTimeline().path.stops.every(Boolean)).toBe(true)
})

it('is cancelled when an undo gives its stop another place (would catch that another stop is moved)', () => {
  moveStopTo(0, 2)
  expect(names()).toEqual(['B', 'C', 'A'])
  dragBy(2, -100)
  history.undo()
  const { stopsAt } = useTimeline()
  drag.handlers.pointerup()
  expect(names()).toEqual(['A', 'B', 'C'])
  expect(useTimeline().stopsAt).toEqual(stopsAt)
})
