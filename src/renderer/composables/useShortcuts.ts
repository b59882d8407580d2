import { useEventListener, useMousePressed } from '@vueuse/core'
import { runCommand } from '../actions/commands'
import { commandOf, keepsKey } from '../actions/shortcuts'
import { useRunningWork } from '../stores/runningWork'
import { useWorkspace } from '../stores/workspace'

/** A menu, dialog or list of choices that is open; the hint on a button is none. */
const openLayer = '[data-dismissable-layer]:not(:has([role="tooltip"]))'

/** Runs the command of each key press, unless what has the focus needs that key itself. */
export function useShortcuts(): void {
  const workspace = useWorkspace()
  // From now on it sees in which order work begins.
  useRunningWork()
  const { pressed } = useMousePressed({ capture: true })
  /** Escape closes what is open and takes back a drag, and held down it ends with that. */
  const takesEscape = (event: KeyboardEvent): boolean =>
    pressed.value || event.repeat || document.querySelector(openLayer) !== null
  useEventListener(window, 'keydown', (event) => {
    const command = commandOf(event)
    if (!command || event.defaultPrevented || workspace.dialog !== null) return
    const target = event.target instanceof Element ? event.target : document.body
    if (keepsKey(target, event) || (event.key === 'Escape' && takesEscape(event))) return
    // A hint closes with Escape too, whatever else the key does.
    if (event.key !== 'Escape') event.preventDefault()
    runCommand(command)
  })
}
