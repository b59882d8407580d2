import { onScopeDispose, type Ref } from 'vue'
import { expectFrame } from '../../actions/expectFrame'
import { usePlayer } from '../../stores/player'

/**
 * Moves the playhead with the pointer while the first button is held, even outside the track.
 *
 * @param track  where the drag begins
 * @param frameAt  returns the frame under the pointer
 */
export function useScrub(track: Ref<HTMLElement | null>, frameAt: (event: PointerEvent) => number) {
  const player = usePlayer()

  function begin(event: PointerEvent): void {
    if (event.button !== 0) return
    track.value!.setPointerCapture(event.pointerId)
    player.scrubbing = true
    move(event)
  }

  function move(event: PointerEvent): void {
    void expectFrame()
    if (!player.scrubbing) return
    if (event.buttons & 1) player.seek(frameAt(event))
    else end()
  }

  function end(): void {
    player.scrubbing = false
  }
  // If the element disappears while it has captured the pointer, it receives no event when the button is
  // released.
  onScopeDispose(end)

  return {
    pointerdown: begin,
    pointermove: move,
    pointerup: end,
    pointercancel: end,
    lostpointercapture: end,
  }
}
