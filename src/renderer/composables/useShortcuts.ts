import { useEventListener } from '@vueuse/core'
import { runCommand } from '../actions/commands'
import { commandOf } from '../actions/shortcuts'
import { useWorkspace } from '../stores/workspace'

/**
 * Elements that use keys themselves: these keep them. The library is not among them: it stops those it uses, and the
 * others mean there what they mean everywhere.
 */
const keepsAllKeys = 'input, .floating, [role="menu"], [role="slider"]'
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
    // Text being written has an undo of its own.
    if (/^(undo|redo)$/.test(command) && target.closest('input')) return
    event.preventDefault()
    runCommand(command)
  })
}

/** The playhead is a slider, yet its arrows mean the same as everywhere, and letters are free in any slider or list. */
function isTransport(target: Element, key: string): boolean {
  if (target.closest('[data-playhead]')) return true
  return /^[jkl?123p]$/i.test(key) && !!target.closest('[role="slider"]') && !target.closest('input')
}
