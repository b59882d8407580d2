import { useThrottleFn } from '@vueuse/core'
import { request } from '../base/api'

/** Milliseconds between two requests; the engine pauses for longer than that. */
const interval = 100

/** Tells the engine that a draft is about to be wanted, because the pointer moves where frames are chosen: it then comes sooner. */
export const expectFrame = useThrottleFn(() => {
  // An engine that cannot hear it has nothing to pause.
  void request('animation.expect', {}).catch(() => undefined)
}, interval)
