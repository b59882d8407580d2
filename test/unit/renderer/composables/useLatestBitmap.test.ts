import { beforeEach, expect, it } from 'vitest'
import { effectScope, nextTick, shallowRef, type EffectScope, type ShallowRef } from 'vue'
import { useLatestBitmap } from '../../../../src/renderer/composables/useLatestBitmap'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { failure, installFakeStudio } from '../fakeStudio'

interface Drawing {
  bitmap: ImageBitmap & { closed: boolean }
  finish: () => Promise<void>
  fail: () => Promise<void>
}

let drawings: Drawing[]
let scope: EffectScope
let subject: ShallowRef<number>
let shown: Readonly<ShallowRef<ImageBitmap | null>>

const settle = () => new Promise<void>((done) => setTimeout(done))

function draw(of: number): Promise<ImageBitmap> {
  return new Promise((resolve, reject) => {
    const bitmap = { width: of, height: 1, closed: false, close: () => void (bitmap.closed = true) }
    drawings.push({
      bitmap,
      finish: () => (resolve(bitmap), settle()),
      fail: () => (reject(failure('BAD_PICTURE')), settle()),
    })
  })
}

beforeEach(() => {
  installFakeStudio({})
  drawings = []
  subject = shallowRef(1)
  scope = effectScope()
  shown = scope.run(() => useLatestBitmap(() => subject.value, draw, 'The picture could not be shown'))!
})

it('keeps the previous bitmap until the next is ready, and then closes it', async () => {
  await drawings[0].finish()
  subject.value = 2
  await nextTick()
  expect(shown.value).toBe(drawings[0].bitmap)
  await drawings[1].finish()
  expect(shown.value).toBe(drawings[1].bitmap)
  expect(drawings[0].bitmap.closed).toBe(true)
})

it('closes a bitmap that arrives after a newer one or after the end (would catch a leak and a wrong picture)', async () => {
  subject.value = 2
  await nextTick()
  await drawings[1].finish()
  await drawings[0].finish()
  expect(shown.value).toBe(drawings[1].bitmap)
  expect(drawings[0].bitmap.closed).toBe(true)
  subject.value = 3
  await nextTick()
  scope.stop()
  await drawings[2].finish()
  expect(drawings.map(({ bitmap }) => bitmap.closed)).toEqual([true, true, true])
})

it('reports a failure of the current subject, not of an earlier one', async () => {
  subject.value = 2
  await nextTick()
  await drawings[0].fail()
  expect(useNotices().notices).toEqual([])
  await drawings[1].fail()
  expect(useNotices().notices.map(({ title }) => title)).toEqual(['The picture could not be shown'])
})
