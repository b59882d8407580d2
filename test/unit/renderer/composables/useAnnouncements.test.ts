import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, watch, type EffectScope, type Ref } from 'vue'
import { timeEvenly } from '../../../../src/renderer/actions/evenTiming'
import { useAnnouncements } from '../../../../src/renderer/composables/useAnnouncements'
import { useEvenUpkeep } from '../../../../src/renderer/composables/useEvenUpkeep'
import { useEncoding } from '../../../../src/renderer/stores/encoding'
import { useEvenTiming } from '../../../../src/renderer/stores/evenTiming'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useModel } from '../../../../src/renderer/stores/model'
import { useSettings } from '../../../../src/renderer/stores/settings'
import { useTimeline } from '../../../../src/renderer/stores/timeline'
import { type Call, failure, installFakeStudio, modelInfo, pictureInfo } from '../fakeStudio'

let scope: EffectScope
let text: Ref<string>
/** What the live region has shown since the start of the test, one entry for each change. */
let shown: string[]
let finish: (report?: object) => void
let fail: () => void
beforeEach(async () => {
  vi.useFakeTimers()
  const work = (_input: unknown, call: Call) =>
    new Promise((resolve, reject) => {
      finish = (report = {}) => resolve(report)
      fail = () => reject(failure('BAD_PICTURE'))
      void call.cancelled.then(() => reject(failure('CANCELLED')))
    })
  installFakeStudio({ 'latent.encode': work, 'animation.timing': work })
  useModel().info = modelInfo
  useLibrary().add(['a.png', 'b.png'].map(pictureInfo))
  scope = effectScope()
  text = scope.run(useAnnouncements)!
  shown = []
  scope.run(() => watch(text, (now) => shown.push(now), { flush: 'sync' }))
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

const settle = () => vi.advanceTimersByTimeAsync(0)
/** Long enough for the live region to have been empty. */
const heard = () => vi.advanceTimersByTimeAsync(1000)

/** Encodes pictures, each of which ends as told. */
async function encode(...ends: (() => void)[]): Promise<void> {
  useEncoding().enqueue(useLibrary().pictures.slice(0, ends.length))
  for (const end of ends) {
    await settle()
    end()
  }
  await heard()
}

describe('the end of encoding', () => {
  it('is announced', async () => {
    await encode(() => finish())
    expect(text.value).toBe('Encoding finished')
  })

  it('is announced again, after a moment of silence (would catch a text that does not change and is not spoken)', async () => {
    await encode(() => finish())
    useSettings().decode = { ...useSettings().decode, steps: 7 }
    await encode(() => finish())
    expect(shown).toEqual(['Encoding finished', '', 'Encoding finished'])
  })

  it('is announced as cancelled after Cancel', async () => {
    await encode(() => useEncoding().cancelAll())
    expect(text.value).toBe('Encoding cancelled')
  })

  it('is announced as a failure after a failure (would catch “finished” after it)', async () => {
    await encode(
      () => fail(),
      () => fail(),
    )
    expect(text.value).toBe('Encoding failed')
  })

  it('says how many failed', async () => {
    await encode(
      () => fail(),
      () => finish(),
    )
    expect(text.value).toBe('Encoding finished, 1 of 2 failed')
  })

  it('counts neither earlier encoding nor jobs that others replaced', async () => {
    await encode(() => fail())
    useSettings().decode = { ...useSettings().decode, steps: 7 }
    await encode(
      () => {
        useSettings().decode = { ...useSettings().decode, steps: 8 }
        useEncoding().enqueue(useLibrary().pictures.slice(0, 1))
      },
      // The other picture, which waits and follows the settings, and then this one again.
      () => finish(),
      () => finish(),
    )
    expect(text.value).toBe('Encoding finished')
  })
})

describe('the end of even timing', () => {
  beforeEach(() => useTimeline().insert(useLibrary().pictures.map(({ id }) => id)))

  it.each([
    ['Even timing finished', () => finish({ segments: [] })],
    ['Even timing failed', () => fail()],
    ['Even timing cancelled', () => useEvenTiming().cancel()],
  ])('is announced: %s', async (words, end) => {
    void timeEvenly(null)
    await settle()
    end()
    await heard()
    expect(shown).toEqual([words])
  })

  it('is not announced if the path changed meanwhile, as nobody cancelled it', async () => {
    scope.run(useEvenUpkeep)
    void timeEvenly(null)
    await settle()
    useTimeline().change(0, { frames: 7 })
    await heard()
    expect(useEvenTiming().running).toBe(false)
    expect(shown).toEqual([])
  })

  it('is announced for the search that replaced another, and not for that one', async () => {
    void timeEvenly(null)
    await settle()
    void timeEvenly(null)
    await settle()
    finish({ segments: [] })
    await heard()
    expect(shown).toEqual(['Even timing finished'])
  })
})
