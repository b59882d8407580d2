import type { DecodeSettings, EncodeSettings } from './settings'

/** A named pair of settings for people who do not want to choose each. */
export interface Preset {
  readonly id: 'draft' | 'standard' | 'accurate' | 'exact'
  readonly name: string
  /** What it is for, in one sentence. */
  readonly purpose: string
  readonly encode: EncodeSettings
  readonly decode: DecodeSettings
}

function preset(
  id: Preset['id'],
  name: string,
  purpose: string,
  rule: Pick<EncodeSettings, 'solver' | 'nodes' | 'steps'>,
): Preset {
  return {
    id,
    name,
    purpose,
    encode: { ...rule, label: 'source' },
    decode: { ...rule, eta: 0, sigmaHat: false, seed: 0, clip: false },
  }
}

export const presets: readonly Preset[] = [
  preset('draft', 'Draft', 'A first look while you move things.', {
    solver: '2m',
    nodes: 'karras',
    steps: 10,
  }),
  preset('standard', 'Standard', 'Second order on Karras nodes: faithful, and the default.', {
    solver: '2m',
    nodes: 'karras',
    steps: 50,
  }),
  preset('accurate', 'Accurate', 'Twice the evaluations, for the final export.', {
    solver: '2m',
    nodes: 'karras',
    steps: 100,
  }),
  preset('exact', 'Exact', 'Leapfrog pairs: the picture comes back to the last digit.', {
    solver: 'leapfrog',
    nodes: 'karras',
    steps: 50,
  }),
]
