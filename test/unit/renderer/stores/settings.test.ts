import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { presets } from '#shared/presets'
import { useSettings } from '../../../../src/renderer/stores/settings'

beforeEach(() => setActivePinia(createPinia()))

const preset = (id: string) => presets.find((one) => one.id === id)!

describe('the draft of a setting', () => {
  it('costs a fraction of the final frame', () => {
    const settings = useSettings()
    for (const id of ['standard', 'exact']) {
      settings.apply(preset(id))
      expect(settings.draft!.evaluations).toBeLessThan(settings.decode.steps / 5)
    }
  })

  it.each([1, 5, 10])(
    'is none where final frames take %d steps (would catch every frame being rendered twice)',
    (steps) => {
      const settings = useSettings()
      settings.decode = { ...settings.decode, steps }
      expect(settings.draft).toBeUndefined()
    },
  )
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
