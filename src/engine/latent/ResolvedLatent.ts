import type { Latent } from '#core/diffusion/latent'
import type { Tensor } from '#core/diffusion/tensor'
import type { LatentReport } from '#shared/reports'
import type { Condition } from '../model/network/condition'

/** The condition that a record names for decoding a latent. */
export type RecordedCondition = Pick<LatentReport, 'class' | 'prompts'>

/** A latent that has been computed or read, and what is known about it. */
export interface ResolvedLatent {
  /** Equal keys mean equal latents, in every process. */
  readonly key: string
  readonly latent: Latent
  /** The condition that it is decoded under. */
  readonly condition: Condition
  readonly report: LatentReport
  /** The several classes or prompts that its condition is a mix of, which the report cannot name. */
  readonly mixedConditions?: readonly RecordedCondition[]
  /** For a latent encoded from a picture and decoded back: what a pinned path shows at its stops. */
  readonly pin?: Pin
}

/** A picture and its reconstruction, [1, C, H, W] on [-1, 1]. */
export interface Pin {
  readonly picture: Tensor
  readonly reconstruction: Tensor
}
