import { tryOnScopeDispose, useEventListener } from '@vueuse/core'
import { findStage, focusStage } from '../base/stage'

/** The element that has the focus, and its place in the window. */
interface FocusPlace {
  readonly element: HTMLElement
  /**
   * The parts of the window around it, from the inside out, each with the position of the element among the
   * controls of that part.
   */
  readonly around: readonly { readonly part: HTMLElement; readonly index: number }[]
}

const controls = ':is(a[href], button, input, textarea, summary, [tabindex]):not(:disabled)'

/**
 * Keeps the keyboard focus in the window when the focused element disappears, such as a button that removes its
 * own row. The focus moves to the control that takes its place in the surrounding part of the window, or to the
 * stage if that part is gone too. Otherwise nothing would have the focus, and the next arrow key would move the
 * playhead. Does nothing after a press of the mouse.
 */
export function useKeptFocus(): void {
  let place: FocusPlace | null = null
  let isByKey = false

  function note(): void {
    const element = document.activeElement
    if (!isByKey || !(element instanceof HTMLElement) || isNowhere(element)) return
    // A menu returns the focus to its subject. If an action of the menu removes the subject, the place of the
    // subject counts.
    if (element !== place?.element && !element.closest('.floating')) place = placeOf(element)
  }

  function keep(): void {
    if (!place || place.element.isConnected || !isNowhere(document.activeElement)) return
    const { around } = place
    place = null
    const next = successorOf(around)
    if (next) next.focus()
    else focusStage()
  }

  /**
   * Whether an element is as good as no focus: none, or a whole dialog, which focuses itself when its focused
   * element is gone.
   */
  function isNowhere(element: Element | null): boolean {
    if (element === null || element === document.body) return true
    return !!place && !place.element.isConnected && place.around.some(({ part }) => part === element)
  }

  const early = { capture: true }
  useEventListener(
    window,
    'keydown',
    () => {
      isByKey = true
      note()
    },
    early,
  )
  useEventListener(
    window,
    'pointerdown',
    () => {
      isByKey = false
      place = null
    },
    early,
  )
  useEventListener(window, 'focusin', note, early)
  const observer = new MutationObserver(keep)
  observer.observe(document.body, { childList: true, subtree: true })
  tryOnScopeDispose(() => observer.disconnect())
}

function placeOf(element: HTMLElement): FocusPlace {
  const around: { part: HTMLElement; index: number }[] = []
  for (let part = element.parentElement; part && part !== document.body; part = part.parentElement)
    around.push({ part, index: controlsIn(part).indexOf(element) })
  return { element, around }
}

/** Returns the control that takes the place of one that is gone; null for the stage. */
function successorOf(around: FocusPlace['around']): HTMLElement | null {
  const stage = findStage()
  for (const { part, index } of around) {
    if (!part.isConnected) continue
    // The neighbours of the stage are unrelated to the element that is gone.
    if (part.contains(stage)) return null
    const left = controlsIn(part).filter((control) => control.checkVisibility())
    if (left.length > 0) return left[Math.max(0, Math.min(index, left.length - 1))]
  }
  return null
}

function controlsIn(part: HTMLElement): HTMLElement[] {
  return [...part.querySelectorAll<HTMLElement>(controls)]
}
