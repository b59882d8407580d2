import type { Preset } from '#shared/presets'

/** The number of network evaluations in each direction. */
interface Cost {
  readonly encode: number
  readonly decode: number
}

/** Describes settings that match no preset. */
export const ownSettingsPurpose = 'Your own settings, from Advanced below. Choose a preset to replace them.'

/** Explains that settings are those of a preset in an earlier version, and how to switch to the present ones. */
export function earlierPresetPurpose({ name }: Pick<Preset, 'name'>, { encode, decode }: Cost): string {
  return `${name} of an earlier version, ${encode} + ${decode}. Choose ${name} to replace it with that of this version.`
}
