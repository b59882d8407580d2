import { useThrottleFn } from '@vueuse/core'
import { request } from '../base/api'

/** Milliseconds between two words to the engine, which pauses for longer than that. */
const interval = 100

/** Says that a draft is about to be wanted, for the pointer moves where frames are chosen: it then comes an evaluation sooner. */
export const expectFrame = useThrottleFn(() => {
  // An engine that cannot hear it has nothing to pause.
  void request('animation.expect', {}).catch(() => undefined)
}, interval)
