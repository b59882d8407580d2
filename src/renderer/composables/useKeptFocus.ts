import { tryOnScopeDispose, useEventListener } from '@vueuse/core'
import { findStage, focusStage } from '../base/stage'

/** An element that has the focus, and where it is. */
interface FocusPlace {
  readonly element: HTMLElement
  /** The parts of the window around it, from the inside out, with the number of the element among the controls of the part. */
  readonly around: readonly { readonly part: HTMLElement; readonly index: number }[]
}

const controls = ':is(a[href], button, input, textarea, summary, [tabindex]):not(:disabled)'

/**
 * Keeps the keyboard's focus in the window when the element that has it goes, as a button does that removes its
 * own row: the control in its place in the part of the window around it gets the focus, or the stage if that
 * part is gone too. Otherwise the focus would be nowhere, and the next arrow key would move the playhead. After
 * a press of the mouse, nothing is done.
 */
export function useKeptFocus(): void {
  let place: FocusPlace | null = null
  let isByKey = false

  function note(): void {
    const element = document.activeElement
    if (!isByKey || !(element instanceof HTMLElement) || isNowhere(element)) return
    // A menu gives the focus back to its subject, whose place counts if an action of the menu removes it.
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

  /** A dialog focuses itself when what had the focus in it is gone, which is hardly better than nothing. */
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
    // What is next to the stage has nothing to do with what is gone.
    if (part.contains(stage)) return null
    const left = controlsIn(part).filter((control) => control.checkVisibility())
    if (left.length > 0) return left[Math.max(0, Math.min(index, left.length - 1))]
  }
  return null
}

function controlsIn(part: HTMLElement): HTMLElement[] {
  return [...part.querySelectorAll<HTMLElement>(controls)]
}
