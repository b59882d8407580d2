import { useEventListener, useMousePressed } from '@vueuse/core'
import { runCommand } from '../actions/commands'
import { commandOf, isDialogOpen, keepsKey } from '../actions/shortcuts'
import { whenStarted } from '../actions/startup'
import { commitFocusedField } from '../base/commitFocusedField'
import { useRunningWork } from '../stores/runningWork'

/** Matches an open menu, dialog or list of choices, but not the tooltip of a button. */
const openLayer = '[data-dismissable-layer]:not(:has([role="tooltip"]))'

/**
 * Runs the command for each key press, unless the focused element needs that key itself or a dialog is open.
 *
 * @param isReady  whether the app has started: until then commands wait, because restored work replaces
 * everything
 */
export function useShortcuts(isReady: () => boolean): void {
  // Created here, so that it observes the order in which work starts.
  useRunningWork()
  const { pressed } = useMousePressed({ capture: true })
  /**
   * Whether Escape only closes an open layer or cancels a drag; when the key is held, its repeats do nothing
   * more.
   */
  const takesEscape = (event: KeyboardEvent): boolean =>
    pressed.value || event.repeat || document.querySelector(openLayer) !== null
  useEventListener(window, 'keydown', (event) => {
    const command = commandOf(event)
    if (!command || event.defaultPrevented || isDialogOpen()) return
    const target = event.target instanceof Element ? event.target : document.body
    if (keepsKey(target, event) || (event.key === 'Escape' && takesEscape(event))) return
    // Escape also closes a tooltip in addition to its command, so its default is not prevented.
    if (event.key !== 'Escape') event.preventDefault()
    commitFocusedField()
    if (isReady()) runCommand(command)
    else void whenStarted().then(() => runCommand(command))
  })
}
