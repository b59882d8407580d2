import { useRafFn } from '@vueuse/core'
import { watch } from 'vue'
import { useFrames } from '../stores/frames'
import { usePlayer } from '../stores/player'
import { useTimeline } from '../stores/timeline'

/** A tab that slept must not make the playhead leap. */
const maxSeconds = 0.1

/** Moves the playhead with real time while it plays; where pictures are not encoded yet, it waits for them. */
export function usePlayback(): void {
  const player = usePlayer()
  const frames = useFrames()
  const timeline = useTimeline()
  const mayLeave = (frame: number) => frames.isReady(frame) || frames.kept.qualityAt(frame) !== null

  /** Frame by frame: a slow display must not step over the one that it has to wait at. */
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
