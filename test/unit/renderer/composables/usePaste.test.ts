import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import { usePaste } from '../../../../src/renderer/composables/usePaste'
import { copyStops, removeStops } from '../../../../src/renderer/actions/stops'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useTimeline } from '../../../../src/renderer/stores/timeline'
import { installFakeStudio, pictureInfo } from '../fakeStudio'

let scope: EffectScope
/** Whether a dialog or a question covers the window. */
let isOpen: boolean
beforeEach(() => {
  installFakeStudio({ 'library.paste': () => pictureInfo('pasted.png') })
  vi.stubGlobal('window', Object.assign(new EventTarget(), { studio: window.studio }))
  isOpen = false
  vi.stubGlobal('document', { querySelector: (one: string) => (isOpen && one === '.scrim' ? {} : null) })
  scope = effectScope()
  scope.run(usePaste)
})
afterEach(() => {
  scope.stop()
  vi.unstubAllGlobals()
})

/** Pastes files, and returns whether they were taken and how many pictures there are then. */
async function paste(...files: File[]): Promise<[boolean, number]> {
  const event = Object.assign(new Event('paste', { cancelable: true }), { clipboardData: { files } })
  window.dispatchEvent(event)
  await new Promise((resolve) => setTimeout(resolve))
  return [event.defaultPrevented, useLibrary().pictures.length]
}

it('imports pasted pictures, and leaves text alone', async () => {
  expect(await paste()).toEqual([false, 0])
  expect(await paste(new File(['bytes'], 'pasted.png'))).toEqual([true, 1])
})

it('imports nothing beneath a dialog or a question (would catch a library that changes beneath it)', async () => {
  isOpen = true
  expect(await paste(new File(['bytes'], 'pasted.png'))).toEqual([false, 0])
})

it('puts all stops that were cut back into the empty timeline, unless a text is pasted (would catch a cut that loses them)', async () => {
  const timeline = useTimeline()
  timeline.insert(
    useLibrary()
      .add(['a.png', 'b.png'].map(pictureInfo))
      .map(({ id }) => id),
  )
  copyStops([0, 1])
  expect((await paste())[0]).toBe(false)
  removeStops([0, 1])
  // The target of the event is the window, which is told what surrounds it.
  vi.stubGlobal('Element', EventTarget)
  Object.assign(window, { closest: (one: string) => (one.includes('input') ? {} : null) })
  expect((await paste())[0]).toBe(false)
  Object.assign(window, { closest: () => null })
  expect((await paste())[0]).toBe(true)
  expect(timeline.items.map(({ name }) => name)).toEqual(['A', 'B'])
})
