import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import { useShortcuts } from '../../../../src/renderer/composables/useShortcuts'
import { installFakeStudio } from '../fakeStudio'

let scope: EffectScope
let ready: boolean
let studio: ReturnType<typeof installFakeStudio>
beforeEach(() => {
  studio = installFakeStudio({ 'dialog.saveProject': () => null })
  // A window that has events, and is given the bridge of the fake studio.
  vi.stubGlobal('window', Object.assign(new EventTarget(), { studio: window.studio }))
  vi.stubGlobal('Element', EventTarget)
  vi.stubGlobal('document', { querySelector: () => null })
  ready = false
  scope = effectScope()
  scope.run(() => useShortcuts(() => ready))
})
afterEach(() => {
  scope.stop()
  vi.unstubAllGlobals()
})

/** Presses Ctrl and S, and waits for what that does. */
async function pressSave(): Promise<Event> {
  const keys = { key: 's', ctrlKey: true, metaKey: false, shiftKey: false, altKey: false }
  const event = Object.assign(new Event('keydown', { cancelable: true }), keys)
  // The target of an event is the window here, which no selector matches.
  Object.assign(window, { closest: () => null })
  window.dispatchEvent(event)
  await new Promise((resolve) => setTimeout(resolve))
  return event
}

it('runs no command before the start has ended (would catch an offer to save the empty document)', async () => {
  expect((await pressSave()).defaultPrevented).toBe(false)
  expect(studio.calls).toEqual([])
  ready = true
  expect((await pressSave()).defaultPrevented).toBe(true)
  expect(studio.calls.map(({ route }) => route)).toEqual(['dialog.saveProject'])
})
