import { useThrottleFn } from '@vueuse/core'
import { request } from '../base/api'

/** Milliseconds between two requests, which is less than the engine's pause. */
const interval = 100

/**
 * Announces to the engine that a draft will be needed soon, because the pointer is moving where frames are
 * chosen. The engine then pauses other work, so that the draft comes sooner.
 */
export const expectFrame = useThrottleFn(() => {
  // An engine that cannot be reached has nothing to pause.
  void request('animation.expect', {}).catch(() => undefined)
}, interval)
