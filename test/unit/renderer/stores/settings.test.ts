import { beforeEach, describe, expect, it } from 'vitest'
import { onSpacing } from '#core/diffusion/timestepSpacing'
import { bundledModels } from '#shared/bundledModels'
import { earlierPresetsFor, presetFor, presetsFor, type PresetKind } from '#shared/presets'
import { readDocument } from '#shared/readDocument'
import type { ModelInfo } from '#shared/reports'
import { earlierPresetPurpose } from '../../../../src/renderer/labels/presetLabels'
import { useDocument } from '../../../../src/renderer/stores/document'
import { useModel } from '../../../../src/renderer/stores/model'
import { usePace } from '../../../../src/renderer/stores/pace'
import { useSettings } from '../../../../src/renderer/stores/settings'
import { installFakeStudio, modelInfo } from '../fakeStudio'

const autoencoder = {
  className: 'AutoencoderKL',
  config: '/m/vae/config.json',
  parameters: 1,
  scalingFactor: 1,
}

beforeEach(() => {
  installFakeStudio({})
  useModel().info = modelInfo
})

describe('a draft', () => {
  it('costs a fraction of the final frame', () => {
    const settings = useSettings()
    for (const id of ['standard', 'exact'] as const) {
      settings.apply(presetFor('pixels', id))
      expect(settings.draft!.evaluations).toBeLessThan(settings.decode.steps / 5)
    }
  })

  it.each([1, 5, 10])(
    'is not used when final frames take %d steps (would catch every frame being rendered twice)',
    (steps) => {
      const settings = useSettings()
      settings.decode = { ...settings.decode, steps }
      expect(settings.draft).toBeUndefined()
    },
  )
})

it.each([
  { evaluation: 0.006, decoding: 0.02, isQuick: true },
  { evaluation: 0.006, decoding: 0.06, isQuick: false },
  { evaluation: 0.02, decoding: 0, isQuick: false },
])(
  'uses drafts unless 16 steps of $evaluation s and decoding in $decoding s keep up with the playhead',
  async ({ evaluation, decoding, isQuick }) => {
    installFakeStudio({
      'model.pace': () => ({ secondsPerEvaluation: evaluation, secondsPerDecoding: decoding }),
    })
    useModel().info = modelInfo
    const settings = useSettings()
    settings.decode = { ...settings.decode, steps: 16 }
    expect(settings.draft).toBeDefined()
    await usePace().measure()
    expect(settings.draft === undefined).toBe(isQuick)
  },
)

it('counts both prompts of guidance when it decides whether final frames keep up (would catch frames of twice the time without drafts)', async () => {
  installFakeStudio({ 'model.pace': () => ({ secondsPerEvaluation: 0.006, secondsPerDecoding: 0 }) })
  useModel().info = { ...modelInfo, takesPrompts: true }
  const settings = useSettings()
  settings.decode = { ...settings.decode, steps: 16 }
  await usePace().measure()
  expect(settings.draft).toBeUndefined()
  settings.decode = { ...settings.decode, guidance: 7.5 }
  expect(settings.draft).toBeDefined()
})

describe('a preset', () => {
  it('is recognised only for the kind of model that is open', () => {
    const settings = useSettings()
    settings.apply(presetFor('codes', 'draft'))
    expect(settings.preset).toBeNull()
    useModel().info = { ...modelInfo, autoencoder }
    expect(settings.preset?.id).toBe('draft')
  })

  const modelOf: Record<PresetKind, ModelInfo> = {
    pixels: modelInfo,
    codes: { ...modelInfo, autoencoder },
    straightCodes: { ...modelInfo, ...bundledModels.find(({ isStraight }) => isStraight), autoencoder },
  }

  /** A document as a project saved it. */
  const saved = (solver: string, encode: number, decode: number) => {
    const spaced = { solver, timestepSpacing: 'karras' }
    const json = {
      version: 1,
      encode: { ...spaced, steps: encode, conditioningTimestep: 'current' },
      decode: { ...spaced, steps: decode, eta: 0, sigmaHat: false, seed: 0, clip: false },
    }
    return readDocument(json).document
  }

  it.each([
    ['codes', 'blended2m', 16, 16, 'Draft of an earlier version, 16 + 16.'],
    ['codes', 'blended2m', 20, 13, 'Draft of an earlier version, 20 + 13.'],
    ['straightCodes', 'blended2m', 20, 14, 'Draft of an earlier version, 20 + 14.'],
    ['straightCodes', 'blended2m', 20, 20, 'Standard of an earlier version, 20 + 20.'],
    ['straightCodes', 'blended2m', 50, 50, 'Standard of an earlier version, 50 + 50.'],
    ['pixels', '2m', 10, 10, 'Draft of an earlier version, 10 + 10.'],
    ['pixels', '2m', 50, 50, 'Standard of an earlier version, 50 + 50.'],
  ] as const)(
    'of an earlier version is told by its name, and changes nothing (would catch a Draft of %s shown as own settings)',
    (kind, solver, encode, decode, told) => {
      const settings = useSettings()
      useModel().info = modelOf[kind]
      const document = saved(solver, encode, decode)
      useDocument().value = document
      expect(settings.preset).toBeNull()
      const found = settings.earlierPreset!
      expect(earlierPresetPurpose(found, { encode, decode })).toContain(told)
      expect(useDocument().value).toBe(document)
      settings.apply(settings.presets.find(({ id }) => id === found.id)!)
      expect([settings.preset?.id, settings.earlierPreset]).toEqual([found.id, null])
    },
  )

  it('of an earlier version is told for the kind of model that had it, and not for other settings', () => {
    const settings = useSettings()
    useDocument().value = saved('blended2m', 16, 16)
    expect(settings.earlierPreset).toBeNull()
    useModel().info = { ...modelInfo, autoencoder }
    expect(settings.earlierPreset?.id).toBe('draft')
    settings.decode = { ...settings.decode, steps: 17 }
    expect(settings.earlierPreset).toBeNull()
  })

  it('is told as one of today or as an earlier one, never as both or as two', () => {
    for (const kind of ['pixels', 'codes', 'straightCodes'] as const) {
      const all = [...presetsFor(kind), ...earlierPresetsFor(kind)]
      const texts = all.map(({ encode, decode }) => JSON.stringify([encode, decode]))
      expect(new Set(texts).size).toBe(all.length)
    }
  })

  it('is recognised by its settings, and no longer once a setting changes', () => {
    const settings = useSettings()
    const presets = presetsFor('pixels')
    expect(presets).not.toEqual([])
    for (const one of presets) {
      settings.apply(one)
      expect(settings.preset?.id).toBe(one.id)
      settings.encode = { ...settings.encode, steps: settings.encode.steps + 1 }
      expect(settings.preset).toBeNull()
    }
  })
})

it('is a preset again once another spacing replaces a list of timesteps (would catch a list left in the settings)', () => {
  const settings = useSettings()
  const standard = presetFor('pixels', 'standard')
  settings.apply(standard)
  const { timestepSpacing, steps } = standard.encode
  const timesteps = Array.from({ length: steps }, (_, at) => at + 1)
  settings.encode = { ...settings.encode, timestepSpacing: 'given', timesteps }
  expect(settings.preset).toBeNull()
  const kept = { ...settings.encode, ...onSpacing(settings.encode, 'given') }
  expect(kept).toEqual(settings.encode)
  settings.encode = { ...settings.encode, ...onSpacing(settings.encode, timestepSpacing) }
  expect(settings.preset?.id).toBe('standard')
})
