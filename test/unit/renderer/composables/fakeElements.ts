import { vi } from 'vitest'

/** An element of a small fake of the DOM: a tree, and which element of it has the focus. */
export class FakeElement {
  parentElement: FakeElement | null = null
  readonly children: FakeElement[] = []

  constructor(
    readonly name: string,
    children: FakeElement[] = [],
    readonly isControl = children.length === 0,
  ) {
    this.append(...children)
  }

  append(...added: FakeElement[]): void {
    for (const child of added) child.parentElement = this
    this.children.push(...added)
  }

  /** Removes the element. A browser then focuses the body if the focus was in it. */
  remove(): void {
    const { children } = this.parentElement!
    if (this.contains(focus.at)) focus.at = focus.body
    children.splice(children.indexOf(this), 1)
    this.parentElement = null
  }

  contains(other: FakeElement | null): boolean {
    return other !== null && (other === this || this.contains(other.parentElement))
  }

  get isConnected(): boolean {
    return focus.body.contains(this)
  }

  /** All descendants of a name or, for the selector of controls, those that are controls. */
  querySelectorAll(selector: string): FakeElement[] {
    const matches = (one: FakeElement) =>
      one.name === selector || (selector.startsWith(':is(') && one.isControl)
    return this.children.flatMap((one) => [...(matches(one) ? [one] : []), ...one.querySelectorAll(selector)])
  }

  closest(selector: string): FakeElement | null {
    return this.name === selector ? this : (this.parentElement?.closest(selector) ?? null)
  }

  tabIndex = 0

  addEventListener(): void {
    // No element of the fake has events.
  }

  checkVisibility(): boolean {
    return true
  }

  focus(): void {
    focus.at = this
    window.dispatchEvent(new Event('focusin'))
  }
}

/** The body of the fake document, and the element that has the focus. */
export const focus = { body: new FakeElement('body'), at: new FakeElement('none') }

/**
 * Puts elements into a fake document.
 *
 * @returns `changed` tells the observers of the document that it has changed
 */
export function installFakeDocument(...children: FakeElement[]): { changed: () => void } {
  focus.body = new FakeElement('body', children, false)
  focus.at = focus.body
  const observers: (() => void)[] = []
  class FakeObserver {
    constructor(private readonly call: () => void) {}
    observe(): void {
      observers.push(this.call)
    }
    disconnect(): void {
      observers.length = 0
    }
  }
  vi.stubGlobal('window', new EventTarget())
  vi.stubGlobal('HTMLElement', FakeElement)
  vi.stubGlobal('MutationObserver', FakeObserver)
  vi.stubGlobal('document', {
    get body() {
      return focus.body
    },
    get activeElement() {
      return focus.at
    },
    querySelector: (selector: string) => focus.body.querySelectorAll(selector)[0] ?? null,
  })
  return { changed: () => observers.forEach((call) => call()) }
}
