import { computed, shallowRef, type ComputedRef } from 'vue'
import { useModel } from '../stores/model'

/** After this many milliseconds without anything to see, the window says what it waits for. */
const quietMilliseconds = 1000

/** What the start waits for if that takes long: all weights of the model are read. Otherwise it is empty. */
export function useStartingText(): ComputedRef<string> {
  const model = useModel()
  const late = shallowRef(false)
  setTimeout(() => (late.value = true), quietMilliseconds)
  return computed(() => (late.value && model.info === null ? 'Opening your model…' : ''))
}
