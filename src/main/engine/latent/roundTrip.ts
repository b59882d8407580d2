import type { Fidelity } from '#shared/reports'
import type { DecodeSettings } from '#shared/settings'
import { decode } from '../core/inversion'
import { measureFidelity } from '../core/fidelity'
import type { Tensor } from '../core/tensor'
import type { Model } from '../model/openModel'
import { startPhase } from '../progress'
import type { RequestContext } from '../serve'
import type { EngineServices } from '../services'
import type { EncodedPicture } from './encodePicture'
import { runSolver, showSteps } from './runSolver'

/** A latent decoded back, and how far the result is from the picture it was made of. */
export interface RoundTrip {
  /** [1, C, H, W], unclipped. */
  readonly reconstruction: Tensor
  readonly fidelity: Fidelity
}

/** Decodes an encoded picture and measures the way there and back. */
export async function measureRoundTrip(
  services: EngineServices,
  model: Model,
  encoded: EncodedPicture,
  settings: DecodeSettings,
  context: RequestContext,
  previews = false,
): Promise<RoundTrip> {
  const key = JSON.stringify([encoded.key, settings])
  return services.roundTrips.get(key, context.signal, async () => {
    const progress = startPhase(context, 'decode', settings.steps, encoded.source.name)
    const { result: reconstruction } = await runSolver(
      decode(encoded.latent, {
        schedule: model.schedule,
        settings,
        predictEpsilon: services.predictor(model, context, 'encode'),
      }),
      showSteps(progress, previews),
    )
    return { reconstruction, fidelity: measureFidelity(encoded.x0, reconstruction) }
  })
}
