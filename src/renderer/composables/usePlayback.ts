import { useRafFn } from '@vueuse/core'
import { watch } from 'vue'
import { usePlayer } from '../stores/player'

/** A tab that slept must not make the playhead leap. */
const maxSeconds = 0.1

/** Moves the playhead with real time while it plays. */
export function usePlayback(): void {
  const player = usePlayer()
  const { pause, resume } = useRafFn(({ delta }) => player.tick(Math.min(maxSeconds, delta / 1000)), {
    immediate: false,
  })
  watch(
    () => player.playing,
    (playing) => (playing ? resume() : pause()),
  )
}
