import { computed } from 'vue'
import { useWorkspace, type DialogName } from '../stores/workspace'

/** Whether a dialog is open, for v-model. Only one is open at a time. */
export function useDialog(name: DialogName) {
  const workspace = useWorkspace()
  return computed({
    get: () => workspace.dialog === name,
    set: (open) => (workspace.dialog = open ? name : null),
  })
}
