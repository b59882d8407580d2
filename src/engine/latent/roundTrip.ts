import type { DecodeSettings } from '#core/diffusion/settings'
import { decode } from '#core/diffusion/inversion'
import { measureFidelity } from '#core/diffusion/fidelity'
import type { Model } from '../model/model'
import { reportProgress } from '../job/reportProgress'
import type { RequestContext } from '../serve'
import type { EngineServices } from '../job/services'
import type { EncodedPicture, RoundTrip } from './encodedPicture'
import { runSolver, showSteps } from './runSolver'

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
    const progress = reportProgress(context, 'decode', settings.steps, { label: encoded.source.name })
    const { result: reconstruction } = await runSolver(
      decode(encoded.latent, {
        schedule: model.schedule,
        settings,
        noiseItems: [0],
        predictEpsilon: services.predictor(model, context, 'encode'),
      }),
      showSteps(progress, previews),
    )
    return { reconstruction, fidelity: measureFidelity(encoded.x0, reconstruction) }
  })
}
