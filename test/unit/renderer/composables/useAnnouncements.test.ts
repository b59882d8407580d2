import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope, type Ref } from 'vue'
import { useAnnouncements } from '../../../../src/renderer/composables/useAnnouncements'
import { useEncoding } from '../../../../src/renderer/stores/encoding'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useModel } from '../../../../src/renderer/stores/model'
import { failure, installFakeStudio, modelInfo, pictureInfo } from '../fakeStudio'

let scope: EffectScope
let text: Ref<string>
let finish: () => void
beforeEach(async () => {
  vi.useFakeTimers()
  installFakeStudio({
    'latent.encode': (_input, call) =>
      new Promise((resolve, reject) => {
        finish = () => resolve({})
        void call.cancelled.then(() => reject(failure('CANCELLED')))
      }),
  })
  useModel().info = modelInfo
  useLibrary().add(['a.png'].map(pictureInfo))
  scope = effectScope()
  text = scope.run(useAnnouncements)!
  useEncoding().enqueue(useLibrary().items)
  await settle()
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

const settle = () => vi.advanceTimersByTimeAsync(0)

it('announces that encoding finished', async () => {
  finish()
  await settle()
  expect(text.value).toBe('Encoding finished')
})

it('announces that encoding was cancelled (would catch “finished” after Cancel)', async () => {
  useEncoding().cancelAll()
  await settle()
  expect(text.value).toBe('Encoding cancelled')
})
