import type { Latent } from '#core/diffusion/latent'
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
}
