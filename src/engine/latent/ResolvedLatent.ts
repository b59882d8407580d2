import type { Latent } from '#core/diffusion/latent'
import type { Tensor } from '#core/diffusion/tensor'
import type { LatentReport } from '#shared/reports'
import type { Condition } from '../model/network/condition'

/** A latent that is there, and what is known of it. */
export interface ResolvedLatent {
  /** Equal keys mean equal latents, in every process. */
  readonly key: string
  readonly latent: Latent
  /** What it is decoded on. */
  readonly condition: Condition
  readonly report: LatentReport
  /** Of a latent encoded from a picture, where it was decoded back: what a pinned path shows at its stops. */
  readonly pin?: Pin
}

/** A picture and its reconstruction, [1, C, H, W] on [-1, 1]. */
export interface Pin {
  readonly picture: Tensor
  readonly reconstruction: Tensor
}
