import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { nextTick, shallowRef } from 'vue'
import { useReturnedFocus } from '../../../../src/renderer/composables/useReturnedFocus'
import { FakeElement, focus, installFakeDocument } from './fakeElements'

/** What happens when the part of the window is closed. */
const hooks = vi.hoisted(() => ({ before: () => {}, after: async () => {} }))
vi.mock('vue', async (original) => ({
  ...(await original<object>()),
  onBeforeUnmount: (hook: () => void) => (hooks.before = hook),
  onUnmounted: (hook: () => Promise<void>) => (hooks.after = hook),
}))

let opener: FakeElement
let drawer: FakeElement

beforeEach(() => {
  opener = new FakeElement('opener')
  drawer = new FakeElement('drawer', [new FakeElement('close')], false)
  installFakeDocument(new FakeElement('header', [opener], false), new FakeElement('main'), drawer)
})
afterEach(() => vi.unstubAllGlobals())

const open = () => useReturnedFocus(shallowRef(drawer) as never)

/** Closes the drawer, and opens another part of the window that takes the focus. */
async function close(andOpen?: FakeElement): Promise<string> {
  hooks.before()
  drawer.remove()
  andOpen?.focus()
  await hooks.after()
  await nextTick()
  return focus.at.name
}

it('returns to what opened the drawer (would catch a drawer whose Esc leaves the focus nowhere)', async () => {
  opener.focus()
  open()
  drawer.children[0].focus()
  expect(await close()).toBe('opener')
})

it('goes to the stage if nothing opened the drawer, or if that is gone', async () => {
  open()
  drawer.children[0].focus()
  expect(await close()).toBe('main')

  focus.body.append(drawer)
  opener.focus()
  open()
  drawer.children[0].focus()
  opener.remove()
  expect(await close()).toBe('main')
})

it('stays elsewhere, and with what opens in place of the drawer', async () => {
  opener.focus()
  open()
  const main = focus.body.querySelectorAll('main')[0]
  main.append(new FakeElement('zoom'))
  main.children[0].focus()
  expect(await close()).toBe('zoom')

  focus.body.append(drawer)
  open()
  drawer.children[0].focus()
  expect(await close(main.children[0])).toBe('zoom')
})
