import { useRafFn } from '@vueuse/core'
import { watch } from 'vue'
import { useFrames } from '../stores/frames'
import { usePlayer } from '../stores/player'

/** A tab that slept must not make the playhead leap. */
const maxSeconds = 0.1

/** Moves the playhead with real time while it plays; where pictures are not encoded yet, it waits for them. */
export function usePlayback(): void {
  const player = usePlayer()
  const frames = useFrames()
  const { pause, resume } = useRafFn(
    ({ delta }) => {
      if (frames.isReady(player.playhead) || frames.kept.qualityAt(player.playhead))
        player.tick(Math.min(maxSeconds, delta / 1000))
    },
    { immediate: false },
  )
  watch(
    () => player.playing,
    (playing) => (playing ? resume() : pause()),
  )
}
