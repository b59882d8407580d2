import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { presets } from '#shared/presets'
import { decodeSettings } from '#shared/settings'
import { useSettings } from '../../../../src/renderer/stores/settings'

beforeEach(() => setActivePinia(createPinia()))

const preset = (id: string) => presets.find((one) => one.id === id)!

describe('the draft of a setting', () => {
  it('is much quicker than settings of many steps', () => {
    const settings = useSettings()
    for (const id of ['standard', 'exact']) {
      settings.apply(preset(id))
      expect(settings.draft.steps).toBeLessThan(settings.decode.steps / 5)
    }
  })

  it('is the setting itself where that is quick (would catch every frame being rendered twice)', () => {
    const settings = useSettings()
    settings.apply(preset('draft'))
    expect(settings.draft).toEqual(settings.decode)
  })

  it.each([1, 3, 5, 8, 10])('never takes fewer steps than %d that were chosen', (steps) => {
    const settings = useSettings()
    settings.decode = { ...settings.decode, steps }
    expect(settings.draft.steps).toBe(steps)
  })

  it('keeps what decides the picture besides the solver: noise, its seed, clipping', () => {
    const settings = useSettings()
    settings.decode = decodeSettings.parse({ solver: 'ddim', eta: 0.5, sigmaHat: true, seed: 7, clip: true })
    expect(settings.draft).toMatchObject({ eta: 0.5, sigmaHat: true, seed: 7, clip: true })
  })
})

describe('a preset', () => {
  it('is recognised by its settings, and left by any change of them', () => {
    const settings = useSettings()
    for (const one of presets) {
      settings.apply(one)
      expect(settings.preset?.id).toBe(one.id)
      settings.encode = { ...settings.encode, steps: settings.encode.steps + 1 }
      expect(settings.preset).toBeNull()
    }
  })
})
