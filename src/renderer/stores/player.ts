import { rangeWithin, type FrameRange } from '#core/timeline/frameRange'
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { advance, shuttle, type TransportState } from '../playback/transport'
import { useTimeline } from './timeline'
import { useWorkspace } from './workspace'

/** The playhead: its position and its motion. */
export const usePlayer = defineStore('player', () => {
  const timeline = useTimeline()
  const workspace = useWorkspace()
  /** In frames: see {@link TransportState}. The frame on display is {@link playhead}. */
  const position = ref(0)
  const speed = ref(1)
  const playing = ref(false)
  const scrubbing = ref(false)
  const last = computed(() => Math.max(0, timeline.total - 1))
  /** The frame shown, an integer. */
  const playhead = computed(() => Math.max(0, Math.min(last.value, Math.round(position.value))))

  function take(next: TransportState): void {
    position.value = next.position
    speed.value = next.speed
    playing.value = next.playing
  }

  const state = (): TransportState => ({
    position: position.value,
    speed: speed.value,
    playing: playing.value,
  })

  /** Returns the range that is played: the work area while the playhead is in it, else the whole film. */
  function played(): FrameRange {
    const area = rangeWithin(timeline.workArea, timeline.total)
    const isIn = playhead.value >= area.start && playhead.value <= area.end
    return isIn && area.end > area.start ? area : { start: 0, end: last.value }
  }

  /** Advances in real time. */
  function tick(seconds: number): void {
    const { start, end } = played()
    const within = { ...state(), position: position.value - start }
    const next = advance(within, seconds * timeline.fps, end - start, timeline.repeat)
    take({ ...next, position: next.position + start })
  }

  /** Whether there is a film and it is in view. */
  const canPlay = (): boolean => last.value > 0 && workspace.view === 'morph'

  /** Plays forwards, starting over if the playhead is at the end. A ping-pong continues in its last direction. */
  function play(): void {
    if (!canPlay()) return
    if (timeline.repeat !== 'ping-pong') speed.value = 1
    const { start, end } = played()
    if (timeline.repeat === 'once' && playhead.value === end) position.value = start
    playing.value = true
  }

  function pause(): void {
    playing.value = false
    speed.value = Math.sign(speed.value) || 1
    position.value = playhead.value
  }

  watch(canPlay, (can) => {
    if (!can) pause()
  })
  watch(
    () => timeline.repeat,
    (_now, before) => {
      // Only ping-pong plays backwards of its own accord.
      if (before === 'ping-pong') speed.value = Math.abs(speed.value)
    },
  )

  function toggle(): void {
    if (playing.value) pause()
    else play()
  }

  /** J and L: plays backwards or forwards, faster with each press. */
  function run(direction: 1 | -1): void {
    if (canPlay()) take(shuttle(state(), direction))
  }

  /** Moves the playhead to a frame and stops there. */
  function seek(frame: number): void {
    pause()
    position.value = Math.max(0, Math.min(last.value, Math.round(frame)))
  }

  function step(frames: number): void {
    seek(playhead.value + frames)
  }

  return {
    position,
    speed,
    playing,
    scrubbing,
    last,
    playhead,
    tick,
    play,
    pause,
    toggle,
    run,
    seek,
    step,
  }
})
