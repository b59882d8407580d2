import { useEventListener } from '@vueuse/core'
import { useWorkspace } from '../stores/workspace'
import { runCommand } from './commands'
import { commandOf } from './shortcuts'

/** Elements that use keys themselves: these keep them. */
const keepsAllKeys =
  'input, textarea, select, [contenteditable], [role="menu"], [role="listbox"], [role="slider"]'
const keepsSpace = 'button, a, summary, [role="tab"], [role="radio"], [role="switch"], [role="option"]'

/** Runs the command of each key press, unless what has the focus needs that key itself. */
export function useShortcuts(): void {
  const workspace = useWorkspace()
  useEventListener(window, 'keydown', (event) => {
    const command = commandOf(event)
    if (!command || event.defaultPrevented || workspace.dialog !== null) return
    const target = event.target instanceof Element ? event.target : document.body
    const plain = !(event.ctrlKey || event.metaKey)
    if (plain && target.closest(keepsAllKeys) && !isTransport(target, event.key)) return
    if (event.key === ' ' && target.closest(keepsSpace)) return
    event.preventDefault()
    runCommand(command)
  })
}

/** The playhead is a slider, yet its arrows mean the same as everywhere, and letters are free in any slider or list. */
function isTransport(target: Element, key: string): boolean {
  if (target.closest('[data-playhead]')) return true
  return /^[jkl?12p]$/i.test(key) && !!target.closest('[role="slider"]') && !target.closest('input')
}
