import { useEventListener } from '@vueuse/core'
import { runCommand } from '../actions/commands'
import { commandOf, keepsKey } from '../actions/shortcuts'
import { useWorkspace } from '../stores/workspace'

/** Runs the command of each key press, unless what has the focus needs that key itself. */
export function useShortcuts(): void {
  const workspace = useWorkspace()
  useEventListener(window, 'keydown', (event) => {
    const command = commandOf(event)
    if (!command || event.defaultPrevented || workspace.dialog !== null) return
    const target = event.target instanceof Element ? event.target : document.body
    if (keepsKey(target, event)) return
    event.preventDefault()
    runCommand(command)
  })
}
