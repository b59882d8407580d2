import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { advance, shuttle, type TransportState } from '../film/transport'
import { useTimeline } from './timeline'

/** The playhead: where it stands, and how it moves. */
export const usePlayer = defineStore('player', () => {
  const timeline = useTimeline()
  const position = ref(0)
  const speed = ref(1)
  const playing = ref(false)
  const scrubbing = ref(false)
  const last = computed(() => Math.max(0, timeline.total - 1))
  /** The frame shown, a whole number. */
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

  /** Moves on by real time. */
  function tick(seconds: number): void {
    take(advance(state(), seconds * timeline.fps, last.value, timeline.loop))
  }

  function play(): void {
    if (last.value === 0) return
    const atEnd = speed.value > 0 ? playhead.value === last.value : playhead.value === 0
    if (atEnd && timeline.loop === 'once') position.value = speed.value > 0 ? 0 : last.value
    playing.value = true
  }

  function pause(): void {
    playing.value = false
    speed.value = Math.sign(speed.value) || 1
    position.value = playhead.value
  }

  watch(last, (now) => {
    if (now === 0) pause()
  })

  function toggle(): void {
    if (playing.value) pause()
    else play()
  }

  /** J and L: plays backwards or forwards, faster at each press. */
  function run(direction: 1 | -1): void {
    if (last.value > 0) take(shuttle(state(), direction))
  }

  /** Puts the playhead on a frame and stops there. */
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
