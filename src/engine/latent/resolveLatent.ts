import { promptsDiffer } from '#core/diffusion/pictureChange'
import type { DecodeSettings } from '#core/diffusion/settings'
import type { FramePlan } from '#shared/framePlan'
import type { LatentSource } from '#shared/latentSource'
import { sourcesOf } from '#core/timeline/timeline'
import type { Job } from '../job/Job'
import { drawLatent, openLatent } from './bareLatents'
import { composeLatent } from './composeLatent'
import { encodePicture } from './encodePicture'
import type { LatentCache } from './latentCache'
import { reportEncoded, withRoundTrip } from './reportLatent'
import type { ResolvedLatent } from './ResolvedLatent'
import { measureRoundTrip } from './roundTrip'

/**
 * Makes the latent that a source describes.
 *
 * @param decode  how it will be decoded; null if it will not be, or if that depends on its timestep. A seed, which
 *   has no timestep of its own, is drawn at the end of these timesteps, by default at the default end of the
 *   schedule, and a file of another program, which stores none, is assumed to be there.
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
    case 'walk': {
      const naming = job.computesTexts ? job : job.with({ computes: 'texts' })
      return composeLatent(model, source, (part) => resolveLatent(cache, naming, part, decode))
    }
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

/**
 * Like {@link resolveLatent}, but also decodes an encoded picture back so that its report includes
 * the fidelity.
 */
export async function resolveMeasuredLatent(
  cache: LatentCache,
  job: Job,
  source: LatentSource,
  decode: DecodeSettings,
): Promise<ResolvedLatent> {
  if (source.kind !== 'picture') return resolveLatent(cache, job, source, decode)
  const encoded = await encodePicture(cache, job, source)
  const roundTrip = await measureRoundTrip(cache, job, encoded, decode)
  const { reconstruction } = roundTrip
  return {
    key: encoded.key,
    latent: encoded.latent,
    condition: encoded.condition,
    report: withRoundTrip(reportEncoded(job.model, source.encode, encoded), roundTrip, decode),
    // If the prompt differs from the source prompt, a pin would pull the result back to the original picture.
    ...(encoded.prompts && promptsDiffer(encoded.prompts)
      ? {}
      : { pin: { picture: encoded.picture, reconstruction } }),
  }
}

/** How the frames of a plan are decoded. */
export interface StopSettings {
  readonly decode: DecodeSettings
  /** The settings that decide the end timestep of a stop that stores none; by default the same as `decode`. */
  readonly film?: DecodeSettings
}

/** Like {@link resolveLatent}, for the stops of a plan: includes the pins that a pinned path needs. */
export function resolveStop(
  cache: LatentCache,
  job: Job,
  plan: FramePlan,
  { decode, film = decode }: StopSettings,
): (source: LatentSource) => Promise<ResolvedLatent> {
  const isPinned = plan.kind === 'path' && plan.pinned
  return (source) =>
    isPinned && source.kind === 'picture'
      ? resolveMeasuredLatent(cache, job, source, decode)
      : resolveLatent(cache, job, source, film)
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
