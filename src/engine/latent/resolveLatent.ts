import type { DecodeSettings } from '#core/diffusion/settings'
import type { FramePlan } from '#shared/framePlan'
import type { LatentSource } from '#shared/latentSource'
import { sourcesOf } from '#core/timeline/timeline'
import type { Job } from '../job/Job'
import { drawLatent, openLatent } from './bareLatents'
import { composeLatent } from './composeLatent'
import { encodePicture } from './encodePicture'
import type { EncodedPicture } from './encodedPicture'
import type { LatentCache } from './latentCache'
import { reportEncoded } from './reportLatent'
import type { ResolvedLatent } from './ResolvedLatent'
import { measureRoundTrip } from './roundTrip'

/**
 * Makes the latent that a source tells of.
 *
 * @param decode  how it will be decoded, null when it is only looked at: a seed, which has no timestep of its own, is
 *   drawn where these timesteps end, and a file of another program, which does not tell, is taken to be there
 */
export async function resolveLatent(
  cache: LatentCache,
  job: Job,
  source: LatentSource,
  decode: DecodeSettings | null,
): Promise<ResolvedLatent> {
  const { model } = job
  switch (source.kind) {
    case 'seed':
      return drawLatent(job, source, decode)
    case 'file':
      return openLatent(job, source, decode)
    case 'mix':
    case 'direction':
    case 'principal':
    case 'walk':
      return composeLatent(model, source, (part) => resolveLatent(cache, job, part, decode))
    case 'picture': {
      const encoded = await encodePicture(cache, job, source)
      return {
        key: encoded.key,
        latent: encoded.latent,
        condition: encoded.condition,
        report: reportEncoded(model, source.encode, encoded),
      }
    }
  }
}

/** As {@link resolveLatent}, and decodes an encoded picture back so that its report tells the fidelity too. */
export async function resolveMeasuredLatent(
  cache: LatentCache,
  job: Job,
  source: LatentSource,
  decode: DecodeSettings,
): Promise<ResolvedLatent> {
  if (source.kind !== 'picture') return resolveLatent(cache, job, source, decode)
  const encoded = await encodePicture(cache, job, source)
  const { fidelity, fidelityParts, reconstruction } = await measureRoundTrip(cache, job, encoded, decode)
  return {
    key: encoded.key,
    latent: encoded.latent,
    condition: encoded.condition,
    report: { ...reportEncoded(job.model, source.encode, encoded), fidelity, fidelityParts },
    // A picture that is led to other words would be drawn back to itself.
    ...(isLedElsewhere(encoded) ? {} : { pin: { picture: encoded.picture, reconstruction } }),
  }
}

function isLedElsewhere({ prompts }: EncodedPicture): boolean {
  return prompts !== null && prompts.prompt !== prompts.sourcePrompt
}

/** As {@link resolveLatent} for a stop of a plan: with the pin that a pinned path needs. */
export function resolveStop(
  cache: LatentCache,
  job: Job,
  plan: FramePlan,
  decode: DecodeSettings,
): (source: LatentSource) => Promise<ResolvedLatent> {
  const isPinned = plan.kind === 'path' && plan.pinned
  const resolve = isPinned ? resolveMeasuredLatent : resolveLatent
  return (source) => resolve(cache, job, source, decode)
}

/** Resolves the latents of a plan one after the other, in the plan's order. */
export async function resolveStops(
  plan: FramePlan,
  resolve: (source: LatentSource, index: number) => Promise<ResolvedLatent>,
): Promise<ResolvedLatent[]> {
  const stops: ResolvedLatent[] = []
  for (const [index, source] of sourcesOf(plan).entries()) stops.push(await resolve(source, index))
  return stops
}
