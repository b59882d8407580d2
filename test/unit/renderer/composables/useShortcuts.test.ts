import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import { edit } from '../../../../src/renderer/actions/document'
import { useShortcuts } from '../../../../src/renderer/composables/useShortcuts'
import { useDocument } from '../../../../src/renderer/stores/document'
import { useProject } from '../../../../src/renderer/stores/project'
import { installFakeStudio } from '../fakeStudio'

let scope: EffectScope
let ready: boolean
/** What is in the window, as the selectors that match it. */
let open: readonly string[]
const start = vi.hoisted(() => {
  let end = (): void => undefined
  const started = new Promise<void>((resolve) => (end = resolve))
  return { started, end: () => end() }
})
vi.mock('../../../../src/renderer/actions/startup', () => ({ whenStarted: () => start.started }))

let studio: ReturnType<typeof installFakeStudio>
beforeEach(() => {
  studio = installFakeStudio({
    'dialog.saveProject': () => null,
    'project.save': ({ path }: { path: string }) => ({ path, bytes: 1, leftOut: [] }),
  })
  // A window that has events, and is given the bridge of the fake studio.
  vi.stubGlobal('window', Object.assign(new EventTarget(), { studio: window.studio }))
  vi.stubGlobal('Element', EventTarget)
  open = []
  vi.stubGlobal('document', { querySelector: (one: string) => (open.includes(one) ? {} : null) })
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

it('runs a command only once the start has ended (would catch an offer to save the empty document, and a lost F1)', async () => {
  const saves = () => studio.callsOf('dialog.saveProject').length
  expect((await pressSave()).defaultPrevented).toBe(true)
  expect(saves()).toBe(0)
  start.end()
  await new Promise((resolve) => setTimeout(resolve))
  expect(saves()).toBe(1)
  ready = true
  await pressSave()
  expect(saves()).toBe(2)
})

it('runs no command beneath a dialog or a question (would catch keys that act beneath a question)', async () => {
  ready = true
  open = ['.scrim']
  expect((await pressSave()).defaultPrevented).toBe(false)
  expect(studio.callsOf('dialog.saveProject')).toEqual([])
  open = []
  await pressSave()
  expect(studio.callsOf('dialog.saveProject')).toHaveLength(1)
})

it('saves what has been typed into the field that has the focus (would catch a file without the prompt above Ctrl+S)', async () => {
  ready = true
  useProject().path = '/films/a.slerp'
  const field = {
    matches: () => true,
    blur: () => edit('Change notes', () => useDocument().change({ notes: 'typed' })),
    focus: () => undefined,
  }
  vi.stubGlobal('document', { querySelector: () => null, activeElement: field })
  await pressSave()
  const [{ input }] = studio.callsOf('project.save')
  expect((input as { document: { notes: string } }).document.notes).toBe('typed')
})
