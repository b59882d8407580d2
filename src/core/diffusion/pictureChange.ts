import type { LatentStatistics } from './latentStatistics'
import type { DecodeSettings, EncodeSettings } from './settings'
import { drawsNoise } from './step'

/** What else than the errors of steps and of an autoencoder makes a reconstruction differ from its picture. */
export type PictureChange = 'prompt' | 'repair' | 'noise' | 'loosening' | 'clipping' | 'conditioningTimestep'

/** How a picture is encoded and decoded back, as far as it is known. */
export interface RoundTripSettings {
  readonly encode?: EncodeSettings | null | undefined
  readonly decode?: DecodeSettings | null | undefined
  /** The latent's statistics before it was shifted and scaled to N(0, 1); null if it was left as it was. */
  readonly healthBefore?: LatentStatistics | null | undefined
  /** Null for a model that takes no prompts. */
  readonly prompts?: Prompts | null | undefined
}

/** The prompt that a latent is decoded with, and the one that it was encoded with. */
export interface Prompts {
  readonly prompt: string
  readonly sourcePrompt: string
}

/** Returns whether the prompts differ: only then can guidance have an effect. */
export function promptsDiffer({ prompt, sourcePrompt }: Prompts): boolean {
  return prompt !== sourcePrompt
}

/**
 * Returns what changes a picture however many steps are taken; null if nothing does. Prompts that differ do unless
 * guidance is 0, which decodes with the source prompt.
 */
export function findPictureChange({
  encode,
  decode,
  healthBefore,
  prompts,
}: RoundTripSettings): PictureChange | null {
  if (prompts && promptsDiffer(prompts) && decode?.guidance !== 0) return 'prompt'
  if (healthBefore) return 'repair'
  if (decode && drawsNoise(decode)) return 'noise'
  if (encode?.loosen) return 'loosening'
  if (decode?.clip) return 'clipping'
  if (encode?.conditioningTimestep === 'next') return 'conditioningTimestep'
  return null
}
