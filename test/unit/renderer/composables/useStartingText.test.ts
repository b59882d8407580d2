import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope, type Ref } from 'vue'
import { useStartingText } from '../../../../src/renderer/composables/useStartingText'
import { useModel } from '../../../../src/renderer/stores/model'
import { installFakeStudio, modelInfo } from '../fakeStudio'

let scope: EffectScope
let text: Readonly<Ref<string>>
beforeEach(() => {
  vi.useFakeTimers()
  installFakeStudio({})
  scope = effectScope()
  text = scope.run(useStartingText)!
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

it('says what a long start waits for, and nothing during a quick one', async () => {
  await vi.advanceTimersByTimeAsync(500)
  expect(text.value).toBe('')
  await vi.advanceTimersByTimeAsync(1000)
  expect(text.value).toBe('Opening your model…')
})

it('no longer names the model once it is open, while a question about lost work is', async () => {
  await vi.advanceTimersByTimeAsync(5000)
  useModel().info = modelInfo
  expect(text.value).toBe('')
})
