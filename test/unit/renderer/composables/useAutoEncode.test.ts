import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, type EffectScope } from 'vue'
import { useAutoEncode } from '../../../../src/renderer/composables/useAutoEncode'
import { useEncoding } from '../../../../src/renderer/stores/encoding'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useModel } from '../../../../src/renderer/stores/model'
import { useSettings } from '../../../../src/renderer/stores/settings'
import { useTimeline } from '../../../../src/renderer/stores/timeline'
import { failure, installFakeStudio, modelInfo, pictureInfo, type Call } from '../fakeStudio'

interface Encoding {
  readonly picture: { readonly path: string }
  readonly encode: { readonly steps: number }
}

let scope: EffectScope
let begun: { of: string; finish: () => void }[]
beforeEach(() => {
  vi.useFakeTimers()
  begun = []
  installFakeStudio({
    'latent.encode': ({ picture, encode }: Encoding, call: Call) =>
      new Promise((resolve, reject) => {
        const finish = () => resolve({ fidelity: { psnr: 40, mse: 1e-4, ssim: 1 } })
        begun.push({ of: `${picture.path.at(-5)} in ${encode.steps}`, finish })
        void call.cancelled.then(() => reject(failure('CANCELLED')))
      }),
  } as never)
  useModel().info = modelInfo
  useLibrary().add(['a.png', 'b.png', 'c.png'].map(pictureInfo))
  scope = effectScope()
  scope.run(useAutoEncode)
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

async function quiet(): Promise<void> {
  await nextTick()
  await vi.advanceTimersByTimeAsync(1000)
}

/** Finishes each encoding in turn, and returns all that were begun. */
async function finishAll(): Promise<string[]> {
  while (useEncoding().current) {
    begun.at(-1)!.finish()
    await vi.advanceTimersByTimeAsync(0)
  }
  return begun.map(({ of }) => of)
}

it('encodes pictures beside the timeline again when the settings change, after those on it (would catch a queue that empties)', async () => {
  const [, , c] = useLibrary().pictures
  const settings = useSettings()
  settings.encode = { ...settings.encode, steps: 20 }
  await quiet()
  useEncoding().enqueue(useLibrary().pictures)
  await vi.advanceTimersByTimeAsync(0)
  useTimeline().insert([c.id])
  settings.encode = { ...settings.encode, steps: 9 }
  await quiet()
  expect(await finishAll()).toEqual(['a in 20', 'c in 9', 'a in 9', 'b in 9'])
  expect(useLibrary().pictures.map(useEncoding().isReady)).toEqual([true, true, true])
})

it('does not begin again what was cancelled', async () => {
  useEncoding().enqueue(useLibrary().pictures)
  await quiet()
  useEncoding().cancelAll()
  await quiet()
  expect([begun.length, useEncoding().queue]).toEqual([1, []])
})
