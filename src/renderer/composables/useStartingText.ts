import { computed, shallowRef, type ComputedRef } from 'vue'
import { useModel } from '../stores/model'

/** After this many milliseconds with nothing to see, the window says what it is waiting for. */
const quietMilliseconds = 1000

/**
 * What the app is waiting for if its start takes long, because it reads all weights of the model; otherwise
 * empty.
 */
export function useStartingText(): ComputedRef<string> {
  const model = useModel()
  const late = shallowRef(false)
  setTimeout(() => (late.value = true), quietMilliseconds)
  return computed(() => (late.value && model.info === null ? 'Opening your model…' : ''))
}
