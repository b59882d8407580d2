import { useRafFn } from '@vueuse/core'
import { watch } from 'vue'
import { useFrames } from '../stores/frames'
import { usePlayer } from '../stores/player'
import { useTimeline } from '../stores/timeline'

/** The longest step in time, in seconds: after the computer has slept, the playhead must not leap. */
const maxSeconds = 0.1

/** Moves the playhead in real time during playback. It waits where pictures are not encoded yet. */
export function usePlayback(): void {
  const player = usePlayer()
  const frames = useFrames()
  const timeline = useTimeline()
  const mayLeave = (frame: number) => frames.isReady(frame) || frames.kept.qualityAt(frame) !== null

  /** Moves frame by frame, so that a slow display does not skip a frame at which the playhead has to wait. */
  function move(seconds: number): void {
    const frameSeconds = 1 / (timeline.fps * Math.abs(player.speed))
    for (let left = seconds; left > 0 && player.playing && mayLeave(player.playhead); left -= frameSeconds) {
      player.tick(Math.min(left, frameSeconds))
    }
  }

  const { pause, resume } = useRafFn(({ delta }) => move(Math.min(maxSeconds, delta / 1000)), {
    immediate: false,
  })
  watch(
    () => player.playing,
    (playing) => (playing ? resume() : pause()),
  )
}
