import {
  type Fidelity,
  type FidelityParts,
  measureFidelity,
  measureFidelityParts,
} from '#core/diffusion/fidelity'
import type { LatentStatistics } from '#core/diffusion/latentStatistics'
import type { RoundTripForecast } from '#core/diffusion/roundTripForecast'
import type { Latent } from '#core/diffusion/latent'
import type { Tensor } from '#core/diffusion/tensor'
import type { ComputeInfo, LatentReport } from '#shared/reports'
import type { Condition } from '../model/network/condition'

/** What following the ODE from a picture gave, before anything is done to the latent. */
export interface Encoding {
  /** Fitted to the model, on [-1, 1], [1, C, H, W]. */
  readonly picture: Tensor
  readonly latent: Latent
  /** Null where the solver or the model does not tell. */
  readonly forecast: RoundTripForecast | null
  /** Standard deviation of x_0, which an autoencoder's scale brings near 1. */
  readonly stateStd: number
  /** What computed it: not what this process computes on, where a project brought it. */
  readonly compute: ComputeInfo
  /** As `machineName` names the one that computed it. */
  readonly machine: string
  readonly evaluations: number
  readonly seconds: number
}

/** A picture's latent, with what the model saw of the picture. */
export interface EncodedPicture extends Encoding {
  /** Equal keys mean equal latents of equal pictures, to the bit, in every process. */
  readonly key: string
  readonly source: { readonly name: string; readonly sha256: string }
  /** What it was encoded on, and is decoded on. */
  readonly condition: Condition
  /** Of a class-conditional model. */
  readonly class: number | null
  /** Of a model that is shown texts. */
  readonly prompts: LatentReport['prompts']
  /** What the latent had before it was re-standardised; null for one left as it was. */
  readonly healthBefore: LatentStatistics | null
}

/** A latent decoded back, and how far the result is from the picture it was made of. */
export interface RoundTrip {
  /** The decoded picture, [1, C, H, W], unclipped. */
  readonly reconstruction: Tensor
  /** What the autoencoder alone makes of the picture, of the same shape; null in a model of pixels. */
  readonly autoencoded: Tensor | null
  readonly fidelity: Fidelity
  readonly fidelityParts: FidelityParts | null
}

/** Measures a round trip. */
export function roundTripOf(picture: Tensor, reconstruction: Tensor, autoencoded: Tensor | null): RoundTrip {
  return {
    reconstruction,
    autoencoded,
    fidelity: measureFidelity(picture, reconstruction),
    fidelityParts: autoencoded && measureFidelityParts(picture, autoencoded, reconstruction),
  }
}
