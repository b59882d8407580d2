import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import { useLongWork } from '../../../../src/renderer/composables/useLongWork'
import { useEncoding } from '../../../../src/renderer/stores/encoding'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useModel } from '../../../../src/renderer/stores/model'
import { failure, installFakeStudio, modelInfo, pictureInfo } from '../fakeStudio'

/** Long enough to have looked away. */
const minutes = 120_000

let scope: EffectScope
let studio: ReturnType<typeof installFakeStudio>
let finish: (() => void)[]
beforeEach(async () => {
  vi.useFakeTimers()
  finish = []
  studio = installFakeStudio({
    'work.report': () => null,
    'work.ended': () => null,
    'latent.encode': (_input, call) =>
      new Promise((resolve, reject) => {
        finish.push(() => resolve({}))
        void call.cancelled.then(() => reject(failure('CANCELLED')))
      }),
  })
  useModel().info = modelInfo
  useLibrary().add(['a.png', 'b.png'].map(pictureInfo))
  scope = effectScope()
  scope.run(useLongWork)
  await settle()
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

const settle = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds)
const told = () => studio.callsOf('work.ended').map(({ input }) => (input as { title: string }).title)
const lastShare = () => (studio.callsOf('work.report').at(-1)!.input as { share: number | null }).share

async function encodeBoth(milliseconds: number): Promise<void> {
  useEncoding().enqueue(useLibrary().pictures)
  for (const picture of [0, 1]) {
    await settle(milliseconds)
    expect(lastShare()).not.toBeNull()
    finish[picture]()
    await settle()
  }
}

it('tells once when all pictures are encoded (would catch a notification a picture)', async () => {
  await encodeBoth(minutes)
  expect(told()).toEqual(['Encoding finished'])
  expect(lastShare()).toBeNull()
})

it('tells nothing of encoding that took no time, or was cancelled', async () => {
  await encodeBoth(10)
  expect(told()).toEqual([])
  useLibrary().add([pictureInfo('c.png')])
  useEncoding().enqueue(useLibrary().pictures)
  await settle(minutes)
  useEncoding().cancelAll()
  await settle()
  expect(lastShare()).toBeNull()
  expect(told()).toEqual([])
})
