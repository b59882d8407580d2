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

/** The result of following the ODE from a picture, before anything is done to the latent. */
export interface Encoding {
  /** Fitted to the model, on [-1, 1], [1, C, H, W]. */
  readonly picture: Tensor
  /** The state that the picture is encoded as; null if the result was read from disk, where it is not kept. */
  readonly x0: Tensor | null
  readonly latent: Latent
  /** Null if the solver or the model provides none. */
  readonly forecast: RoundTripForecast | null
  /** Standard deviation of x_0, which an autoencoder's scaling factor brings close to 1. */
  readonly stateStd: number
  /** The device and runtime that computed it, which may be another machine's if a project brought it. */
  readonly compute: ComputeInfo
  /** The `machineName` of the machine that computed it. */
  readonly machine: string
  readonly evaluations: number
  readonly seconds: number
}

/** A picture's latent, with the picture as the model saw it. */
export interface EncodedPicture extends Encoding {
  /** Equal keys mean equal latents of equal pictures, to the bit, in every process. */
  readonly key: string
  readonly source: { readonly name: string; readonly sha256: string }
  /** The condition that it was encoded and is decoded under. */
  readonly condition: Condition
  /** For a class-conditional model. */
  readonly class: number | null
  /** For a text-conditional model. */
  readonly prompts: LatentReport['prompts']
  /** Statistics of the latent before it was re-standardised; null if it was not. */
  readonly healthBefore: LatentStatistics | null
}

/** A latent decoded back, and how far the result is from the original picture. */
export interface RoundTrip {
  /** The decoded picture, [1, C, H, W], unclipped. */
  readonly reconstruction: Tensor
  /** The picture passed through the autoencoder alone, in the same shape; null for a pixel-space model. */
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
