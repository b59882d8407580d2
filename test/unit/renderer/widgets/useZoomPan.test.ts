import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, shallowRef, type EffectScope } from 'vue'
import { useZoomPan } from '../../../../src/renderer/widgets/useZoomPan'
import { installFakeStudio } from '../fakeStudio'

const size = { width: 64, height: 64 }
let scope: EffectScope
let zoom: ReturnType<typeof useZoomPan>
/** Whether a dialog or a question covers the window. */
let isOpen: boolean
beforeEach(() => {
  installFakeStudio({})
  // A window that has events; it is also their target, which no selector matches.
  vi.stubGlobal('window', Object.assign(new EventTarget(), { studio: window.studio, closest: () => null }))
  vi.stubGlobal('Element', EventTarget)
  isOpen = false
  vi.stubGlobal('document', { querySelector: (one: string) => (isOpen && one === '.scrim' ? {} : null) })
  const stage = shallowRef(new EventTarget() as HTMLElement)
  scope = effectScope()
  zoom = scope.run(() =>
    useZoomPan(
      stage,
      () => ({ left: 0, top: 0, width: 640, height: 640 }) as DOMRect,
      () => size,
    ),
  )!
})
afterEach(() => {
  scope.stop()
  vi.unstubAllGlobals()
})

function press(key: string, altKey = false): Event {
  const keys = { key, altKey, ctrlKey: false, metaKey: false, shiftKey: false }
  const event = Object.assign(new Event('keydown', { cancelable: true }), keys)
  window.dispatchEvent(event)
  return event
}

it('zooms and pans by keys', () => {
  expect(press('+').defaultPrevented).toBe(true)
  expect(zoom.view.value.zoom).toBe(1.5)
  press('ArrowRight', true)
  expect(zoom.view.value.cx).toBeGreaterThan(0.5)
  press('0')
  expect(zoom.view.value).toMatchObject({ zoom: 1, cx: 0.5, cy: 0.5 })
})

it('leaves keys alone beneath a dialog or a question (would catch keys that act beneath a question)', () => {
  isOpen = true
  expect(press('+').defaultPrevented).toBe(false)
  expect(zoom.view.value.zoom).toBe(1)
})
