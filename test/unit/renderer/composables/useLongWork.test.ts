import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import { useLongWork } from '../../../../src/renderer/composables/useLongWork'
import { useEncoding } from '../../../../src/renderer/stores/encoding'
import { useEvenTiming } from '../../../../src/renderer/stores/evenTiming'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useModel } from '../../../../src/renderer/stores/model'
import { useTimeline } from '../../../../src/renderer/stores/timeline'
import { failure, installFakeStudio, modelInfo, pictureInfo } from '../fakeStudio'

/** Long enough for the user to have looked away. */
const minutes = 120_000

let scope: EffectScope
let studio: ReturnType<typeof installFakeStudio>
let finish: (() => void)[]
let fail: () => void
beforeEach(async () => {
  vi.useFakeTimers()
  finish = []
  studio = installFakeStudio({
    'work.report': () => null,
    'work.ended': () => null,
    'animation.timing': ({ plan }: { plan: object }, call) => {
      call.progress({ phase: 'measure', done: 1, total: 4, etaSeconds: 3 })
      return new Promise((resolve, reject) => {
        finish.push(() => resolve(plan))
        void call.cancelled.then(() => reject(failure('CANCELLED')))
      })
    },
    'latent.encode': (_input, call) =>
      new Promise((resolve, reject) => {
        finish.push(() => resolve({}))
        fail = () => reject(failure('OUT_OF_MEMORY'))
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

it('notifies once when all pictures are encoded (would catch a notification per picture)', async () => {
  await encodeBoth(minutes)
  expect(told()).toEqual(['Encoding finished'])
  expect(lastShare()).toBeNull()
})

it('notifies about encoding that failed as such (would catch “finished” after a failure)', async () => {
  useEncoding().enqueue(useLibrary().pictures.slice(0, 1))
  await settle(minutes)
  fail()
  await settle()
  expect(told()).toEqual(['Encoding failed'])
})

it('does not notify about encoding that was quick or was cancelled', async () => {
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

it('notifies about even timing like other long work, and knows which segments are being timed', async () => {
  useTimeline().insert(useLibrary().pictures.map(({ id }) => id))
  const even = useEvenTiming()
  void even.find([0])
  await settle(minutes)
  expect(lastShare()).toBe(0.25)
  expect([0, 1].map(even.isAtWorkOn)).toEqual([true, false])
  finish.at(-1)!()
  await settle()
  expect(told()).toEqual(['Even timing finished'])
  expect(lastShare()).toBeNull()

  void even.find(null)
  await settle(minutes)
  even.cancel()
  await settle()
  expect(told()).toHaveLength(1)
})
