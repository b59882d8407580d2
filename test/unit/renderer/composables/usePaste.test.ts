import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import { usePaste } from '../../../../src/renderer/composables/usePaste'
import { useLibrary } from '../../../../src/renderer/stores/library'
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
