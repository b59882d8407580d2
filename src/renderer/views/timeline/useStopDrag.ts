import { gapAt, reachOfStops, snapFrame } from '#core/timeline/stopTimes'
import { useEventListener } from '@vueuse/core'
import { computed, ref, watch, type Ref } from 'vue'
import { moveStopTo, nudgeStops } from '../../actions/stops'
import { usePlayer } from '../../stores/player'
import { useSelection } from '../../stores/selection'
import { useTimeline } from '../../stores/timeline'

/** The distance in pixels that a press must move to become a drag, and within which a stop snaps. */
const threshold = 4
const snapPixels = 8

interface Drag {
  readonly stop: number
  readonly stops: readonly number[]
  /** The ids of `stops`. */
  readonly ids: readonly string[]
  readonly x: number
  readonly pointer: number
  /** Number of frames by which the stops have been moved. */
  by: number
  /** The place among the stops where a drop would insert it; null for its own place. */
  gap: number | null
  moved: boolean
}

/**
 * Drags stops in time. They snap to the playhead, markers and the work area unless Alt is held. A single stop
 * that is dragged past its neighbour takes the neighbour’s place in the order. The drag is cancelled by Escape,
 * and by an edit that removes the stops or changes their order.
 *
 * @param strip  the container of the stops
 * @param pixelsPerFrame  the distance between two frames
 */
export function useStopDrag(strip: Ref<HTMLElement | null>, pixelsPerFrame: () => number) {
  const timeline = useTimeline()
  const player = usePlayer()
  const selection = useSelection()
  const drag = ref<Drag | null>(null)
  let swallowsClick = false

  /** The position of each stop during a drag. */
  const stopsAt = computed(() => {
    const now = drag.value
    if (!now?.moved) return timeline.stopsAt
    return timeline.stopsAt.map((frame, at) => (now.stops.includes(at) ? frame + now.by : frame))
  })
  const gap = computed(() => drag.value?.gap ?? null)
  /** The frame of the stop that is being dragged. */
  const frame = computed(() => (drag.value?.moved ? stopsAt.value[drag.value.stop] : null))

  function begin(event: PointerEvent): void {
    swallowsClick = false
    const element = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-stop]') : null
    const stop = Number(element?.dataset['strip']?.split('-')[1])
    if (event.button !== 0 || !element || event.ctrlKey || event.metaKey || event.shiftKey) return
    const stops = selection.stops.includes(stop) ? selection.stops : [stop]
    const ids = stops.map((at) => timeline.path.stops[at].id)
    const { clientX: x, pointerId: pointer } = event
    drag.value = { stop, stops, ids, x, pointer, by: 0, gap: null, moved: false }
  }

  function move(event: PointerEvent): void {
    const now = drag.value
    if (!now || event.pointerId !== now.pointer) return
    const pixels = event.clientX - now.x
    if (!now.moved && Math.abs(pixels) < threshold) return
    if (!now.moved) strip.value?.setPointerCapture(now.pointer)
    const own = timeline.stopsAt[now.stop]
    const to = own + pixels / pixelsPerFrame()
    const place = now.stops.length === 1 ? gapAt(timeline.path, to) : now.stop
    const passes = place !== now.stop && place !== now.stop + 1
    const target = event.altKey
      ? Math.round(to)
      : snapFrame(Math.round(to), targets(), snapPixels / pixelsPerFrame())
    const by = passes ? Math.round(to) - own : reachOfStops(timeline.path, now.stops, target - own)
    drag.value = { ...now, by, gap: passes ? place : null, moved: true }
  }

  /** Returns the frames that stops snap to. Whole seconds are left out, because there would be one everywhere. */
  function targets(): number[] {
    const { markers, workArea } = timeline
    const ends = workArea ? [workArea.start, workArea.end] : []
    return [player.playhead, ...markers.map((marker) => marker.frame), ...ends]
  }

  function end(): void {
    const now = drag.value
    drag.value = null
    if (!now?.moved) return
    swallowsClick = true
    if (now.gap === null) nudgeStops(now.stops, now.by)
    else moveStopTo(now.stop, now.gap > now.stop ? now.gap - 1 : now.gap)
  }

  function cancel(): void {
    swallowsClick = drag.value?.moved ?? false
    drag.value = null
  }

  /** Whether an edit has moved or removed the dragged stops since the drag began. */
  function isLost(): boolean {
    const now = drag.value
    return now !== null && now.stops.some((at, index) => timeline.path.stops[at]?.id !== now.ids[index])
  }
  watch(isLost, (lost) => lost && cancel(), { flush: 'sync' })

  useEventListener(window, 'keydown', (event) => {
    if (event.key !== 'Escape' || !drag.value?.moved) return
    event.stopPropagation()
    cancel()
  })

  /** Suppresses the click that ends a drag, so that it selects nothing. */
  function click(event: MouseEvent): void {
    if (swallowsClick) event.stopPropagation()
    swallowsClick = false
  }

  const handlers = { pointerdown: begin, pointermove: move, pointerup: end, pointercancel: cancel }
  return { stopsAt, gap, frame, handlers, click }
}

/**
 * Returns where to mark a place among stops, in frames: between its neighbours, or next to the first or last.
 */
export function frameOfGap(frames: readonly number[], gap: number, beside: number): number {
  if (gap <= 0) return frames[0] - beside
  if (gap >= frames.length) return frames[frames.length - 1] + beside
  return (frames[gap - 1] + frames[gap]) / 2
}
