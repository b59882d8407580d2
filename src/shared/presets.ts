import type { DecodeSettings, EncodeSettings } from '#core/diffusion/settings'
import type { SolverId } from '#core/diffusion/solvers/registry'

/** Name of a preset, the same for every model. */
export type PresetId = 'draft' | 'standard' | 'exact'

/** A named pair of settings for users who do not want to choose each one. */
export interface Preset {
  readonly id: PresetId
  readonly name: string
  /** Its purpose, in one sentence. */
  readonly purpose: string
  readonly encode: EncodeSettings
  readonly decode: DecodeSettings
}

/**
 * What decides how many steps a model needs: its network works on the pixels of a picture, or on the codes of an
 * autoencoder, and in that case its training may have straightened the paths between pictures and latents.
 */
export type PresetKind = 'pixels' | 'codes' | 'straightCodes'

/** Number of timesteps in each direction. */
interface StepCounts {
  readonly encode: number
  readonly decode: number
}

/** What a preset was for one kind of models in an earlier version. */
interface EarlierPreset {
  readonly kind: PresetKind
  readonly solver: SolverId
  readonly steps: StepCounts
}

/** A preset for every kind of model. */
interface PresetRow extends Pick<Preset, 'id' | 'name'> {
  readonly solver: SolverId
  readonly purpose: Readonly<Record<PresetKind, string>>
  readonly steps: Readonly<Record<PresetKind, StepCounts>>
  /**
   * Whoever changes a preset adds here what it was: projects made with it keep its settings, and say whose they are.
   */
  readonly earlier: readonly EarlierPreset[]
}

/** The same number of timesteps in both directions. */
function bothWays(steps: number): StepCounts {
  return { encode: steps, decode: steps }
}

const quickLook = 'A quick look while you try things out.'

const asAccurateAsAutoencoder =
  'Second order on Karras timesteps: about as accurate as the autoencoder, and the default.'
const onlyAutoencoder = 'Leapfrog pairs: only the autoencoder’s own error remains.'

/**
 * Quick to exact. A draft of codes takes more steps than one of pixels, each of which is cheaper, and more of them
 * to encode: that happens once for each picture, and decoding for each frame. Along straightened paths few are
 * enough (docs/results-latent.md), for Standard too: with fewer steps to decode, films change more evenly
 * (docs/results-films.md).
 */
const rows: readonly PresetRow[] = [
  {
    id: 'draft',
    name: 'Draft',
    purpose: { pixels: quickLook, codes: quickLook, straightCodes: quickLook },
    solver: 'blended2m',
    steps: {
      pixels: bothWays(10),
      codes: { encode: 20, decode: 14 },
      straightCodes: { encode: 16, decode: 7 },
    },
    earlier: [
      { kind: 'straightCodes', solver: 'blended2m', steps: { encode: 20, decode: 14 } },
      { kind: 'straightCodes', solver: 'blended2m', steps: bothWays(16) },
      { kind: 'codes', solver: 'blended2m', steps: { encode: 20, decode: 13 } },
      { kind: 'codes', solver: 'blended2m', steps: bothWays(16) },
      { kind: 'pixels', solver: '2m', steps: bothWays(10) },
    ],
  },
  {
    id: 'standard',
    name: 'Standard',
    purpose: {
      pixels: 'Second order on Karras timesteps: accurate, and the default.',
      codes: asAccurateAsAutoencoder,
      straightCodes: asAccurateAsAutoencoder,
    },
    solver: 'blended2m',
    steps: { pixels: bothWays(50), codes: bothWays(50), straightCodes: { encode: 20, decode: 12 } },
    earlier: [
      { kind: 'straightCodes', solver: 'blended2m', steps: bothWays(20) },
      { kind: 'straightCodes', solver: 'blended2m', steps: bothWays(50) },
      { kind: 'pixels', solver: '2m', steps: bothWays(50) },
    ],
  },
  {
    id: 'exact',
    name: 'Exact',
    purpose: {
      pixels: 'Leapfrog pairs: the reconstruction is exact to the last digit.',
      codes: onlyAutoencoder,
      straightCodes: onlyAutoencoder,
    },
    solver: 'leapfrog',
    steps: { pixels: bothWays(50), codes: bothWays(50), straightCodes: bothWays(20) },
    earlier: [{ kind: 'straightCodes', solver: 'leapfrog', steps: bothWays(50) }],
  },
]

function presetOf({ id, name, purpose }: PresetRow, { kind, solver, steps }: EarlierPreset): Preset {
  const settings = { solver, timestepSpacing: 'karras' } as const
  const { encode, decode } = steps
  return {
    id,
    name,
    purpose: purpose[kind],
    encode: { ...settings, steps: encode, conditioningTimestep: 'current' },
    decode: { ...settings, steps: decode, eta: 0, sigmaHat: false, seed: 0, clip: false },
  }
}

/** The presets of each kind of model, from quick to exact. */
const presetsByKind: Readonly<Record<PresetKind, readonly Preset[]>> = {
  pixels: presetsOf('pixels'),
  codes: presetsOf('codes'),
  straightCodes: presetsOf('straightCodes'),
}

function presetsOf(kind: PresetKind): readonly Preset[] {
  return rows.map((row) => presetOf(row, { kind, solver: row.solver, steps: row.steps[kind] }))
}

/** Returns the presets of a kind of model, from quick to exact. */
export function presetsFor(kind: PresetKind): readonly Preset[] {
  return presetsByKind[kind]
}

/** Returns what the presets of a kind of model were in earlier versions, the newest of each first. */
export function earlierPresetsFor(kind: PresetKind): readonly Preset[] {
  return rows.flatMap((row) =>
    row.earlier.filter((one) => one.kind === kind).map((one) => presetOf(row, one)),
  )
}

/** Returns one preset of a kind of model. */
export function presetFor(kind: PresetKind, id: PresetId): Preset {
  return presetsByKind[kind].find((preset) => preset.id === id)!
}

/** Why Standard is the default, in two sentences. */
export const whyStandard: Readonly<Record<PresetKind, string>> = {
  pixels:
    'At the same cost, its second-order solver reconstructs pictures with a small fraction of DDIM’s error, and its latents stay close to Gaussian noise, which mixing needs. At 50 steps the remaining difference is invisible in most pictures; the few that are still off need the Exact preset rather than more steps.',
  codes:
    'At the same cost, its second-order solver reconstructs codes with a small fraction of DDIM’s error, and its latents stay close to Gaussian noise, which mixing needs. At 50 steps what remains is mostly the autoencoder’s own error; more steps mainly take longer.',
  straightCodes:
    'The model’s training has straightened the paths between pictures and latents, so a few steps are enough, and decoding in fewer of them makes films change more evenly. What remains is mostly the autoencoder’s own error; the few pictures that are off need the Exact preset.',
}

/** The settings of the command line and of studies, the same for every model: the Standard preset of pixels. */
export const defaultSettings: Pick<Preset, 'encode' | 'decode'> = presetFor('pixels', 'standard')
