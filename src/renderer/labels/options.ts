import { solvers, type SolverId } from '#core/diffusion/solvers/registry'
import { timestepSpacings, type TimestepSpacing } from '#core/diffusion/timestepSpacings/registry'
import type { PredictionType } from '#core/diffusion/schedulerConfig'
import { enlargementRows, type Enlargement } from '#core/picture/enlarge'
import type { PlaybackRepeat } from '#core/timeline/playOrder'

/** An option of a setting, with a plain sentence that explains it. */
export interface Explained<Value> {
  readonly value: Value
  readonly label: string
  /** Its name where many options appear side by side. */
  readonly short?: string
  readonly explanation: string
}

/** What playback does at the end of the animation. */
export const repeatOptions: readonly { value: PlaybackRepeat; label: string }[] = [
  { value: 'once', label: 'Once' },
  { value: 'forever', label: 'Forever' },
  { value: 'ping-pong', label: 'Ping-pong' },
]

/** The methods of enlarging frames. */
export const enlargementOptions: readonly { value: Enlargement; label: string; hint: string }[] =
  enlargementRows.map(({ id, title, help }) => ({ value: id, label: title, hint: help }))

/** The solvers. */
export const solverOptions: readonly Explained<SolverId>[] = solvers.map(
  ({ id, title, shortName: short, help }) => ({
    value: id,
    label: title,
    short,
    explanation: help,
  }),
)

/** Where steps fall in the noise schedule. Lists of timesteps are written on the command line only. */
export const timestepSpacingOptions: readonly Explained<TimestepSpacing>[] = spacingOptionsWith(null)

/** Returns these options with the spacing in use added if it is a list, which only the command line can set. */
export function spacingOptionsWith(used: TimestepSpacing | null): readonly Explained<TimestepSpacing>[] {
  return timestepSpacings
    .filter(({ id, takesTimesteps }) => !takesTimesteps || id === used)
    .map(({ id, title, help }) => ({ value: id, label: title, explanation: help }))
}

/** Names of what a network predicts. */
export const predictionNames: Readonly<Record<PredictionType, string>> = {
  epsilon: 'the noise (ε)',
  v_prediction: 'velocity (v)',
  flow_prediction: 'flow velocity',
  sample: 'the picture (x₀)',
}

/** Why to choose more steps, and what they cost. */
export const stepsExplanation =
  'More steps are more accurate for most pictures and take proportionally longer.'

/** The most timesteps of a list that are all named; of a longer list, the first few are named, and the last. */
const [mostListed, firstListed] = [12, 6]

/** Names the timesteps of a list; of a long list, the first few and the last. */
export function listExplanation(timesteps: readonly number[]): string {
  const isLong = timesteps.length > mostListed
  const named = isLong ? [...timesteps.slice(0, firstListed), '…', timesteps.at(-1)] : timesteps
  return `The list: ${named.join(', ')}.`
}

/** What eta does: the share of fresh noise in each decoding step. */
export const etaExplanation =
  'Fresh noise while decoding. At 0 decoding always gives the same picture; above 0 it drifts to new ones.'

/** What loosening a latent does, and what it costs. */
export const loosenExplanation =
  'Replaces the first part of encoding by seeded noise. It helps latents whose neighbouring values are correlated to blend; their reconstruction is less accurate.'

/** What an earlier end of encoding gains and loses. */
export const endTimestepExplanation =
  'How much noise encoding adds. Stopping earlier gives more accurate reconstructions, but in-between frames look more like a cross-fade.'

/** Returns the name of an option for where many appear side by side. */
export function shortName<Value>(options: readonly Explained<Value>[], value: Value): string {
  const option = options.find((one) => one.value === value)
  return option?.short ?? option?.label ?? String(value)
}
