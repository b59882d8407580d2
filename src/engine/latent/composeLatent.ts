import { isDeepStrictEqual } from 'node:util'
import { mixLatents } from '#core/diffusion/latentCombination'
import { alongDifference, alongPrincipal, drawAxes, walkAround } from '#core/diffusion/latentDirections'
import { createGaussian } from '#core/random/gaussian'
import type { Latent } from '#core/diffusion/latent'
import { createTensor } from '#core/diffusion/tensor'
import type { ComposedLatentSource, LatentSource } from '#shared/latentSource'
import type { Model } from '../model/denoiser/model'
import { mixConditions } from '../model/network/condition'
import { hashCondition, hashLatent } from './hashLatent'
import { reportBare } from './reportLatent'
import type { RecordedCondition, ResolvedLatent } from './ResolvedLatent'

type Mix = Extract<LatentSource, { kind: 'mix' }>
type Resolve = (source: LatentSource) => Promise<ResolvedLatent>

/** A part of a mix: a latent and its weight. */
interface Part {
  readonly weight: number
  readonly resolved: ResolvedLatent
}

/** A sum of weights below this share of their sizes is one that rounding has left. */
const cancelled = 1e-12

/**
 * Makes the latent of a source that consists of other latents.
 *
 * @param resolve  makes these latents
 * @throws DomainError if they are of different kinds, or the weights of a mix are all 0
 */
export async function composeLatent(
  model: Model,
  source: ComposedLatentSource,
  resolve: Resolve,
): Promise<ResolvedLatent> {
  switch (source.kind) {
    case 'mix':
      return mix(model, source, resolve)
    case 'direction': {
      const from = await resolve(source.from)
      const [plus, minus] = [await latentsOf(source.plus, resolve), await latentsOf(source.minus, resolve)]
      return moved(model, from, alongDifference(from.latent, plus, minus, source.strength))
    }
    case 'principal': {
      const from = await resolve(source.from)
      const of = await latentsOf(source.of, resolve)
      return moved(model, from, alongPrincipal(from.latent, of, source.component, source.strength))
    }
    case 'walk': {
      const around = await resolve(source.around)
      const axes = drawAxes(around.latent, drawsLike(around.latent, source.seed))
      return moved(model, around, walkAround(around.latent, axes, source))
    }
  }
}

/** Resolves one latent after the other: each may need an encoding, and the model does one at a time. */
async function latentsOf(sources: readonly LatentSource[], resolve: Resolve): Promise<Latent[]> {
  const latents: Latent[] = []
  for (const source of sources) latents.push((await resolve(source)).latent)
  return latents
}

async function mix(model: Model, { parts }: Mix, resolve: Resolve): Promise<ResolvedLatent> {
  const resolved: Part[] = []
  for (const { weight, latent } of parts) resolved.push({ weight, resolved: await resolve(latent) })
  const ordered = joinEqual(resolved)
  const weights = ordered.map(({ weight }) => weight)
  const latent = mixLatents(
    ordered.map((part) => part.resolved.latent),
    weights,
  )
  const total = weights.reduce((sum, weight) => sum + Math.abs(weight), 0)
  const condition = mixConditions(
    ordered.map((part) => part.resolved.condition),
    weights.map((weight) => Math.abs(weight) / total),
  )
  const mixedFrom = ordered.map(({ weight, resolved: { latent: part, report } }) => ({
    weight,
    source: report.source,
    seed: report.seed,
    latentSha256: hashLatent(part),
  }))
  const report = reportBare(model, latent, { mixedFrom })
  const conditions = conditionsOf(ordered.filter(({ weight }) => weight !== 0))
  if (conditions.length > 1) return { ...describe(latent, condition, report), mixedConditions: conditions }
  return describe(latent, condition, { ...report, ...conditions[0] })
}

/** Returns the classes and prompts that the parts of a mix are decoded with, each once. */
function conditionsOf(parts: readonly Part[]): RecordedCondition[] {
  const all = parts.flatMap(
    ({ resolved: { report, mixedConditions } }) =>
      mixedConditions ?? [{ class: report.class, prompts: report.prompts }],
  )
  return all.filter((one, at) => all.findIndex((other) => isDeepStrictEqual(other, one)) === at)
}

/**
 * Combines parts with the same latent, in an order that does not depend on how they were listed, because
 * summing the same numbers in another order rounds differently.
 */
function joinEqual(parts: readonly Part[]): Part[] {
  const weights = new Map<string, number[]>()
  for (const { weight, resolved } of parts) {
    weights.set(resolved.key, [...(weights.get(resolved.key) ?? []), weight])
  }
  return [...weights.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, ofPart]) => ({
      weight: sumWeights(ofPart),
      resolved: parts.find(({ resolved }) => resolved.key === key)!.resolved,
    }))
}

/**
 * Sums weights in a fixed order. The sum of weights that cancel, such as 0.1 + 0.2 - 0.3, is exactly 0 in spite of
 * rounding.
 */
function sumWeights(weights: readonly number[]): number {
  const sorted = [...weights].sort((a, b) => a - b)
  const sum = sorted.reduce((total, weight) => total + weight, 0)
  const size = sorted.reduce((total, weight) => total + Math.abs(weight), 0)
  return Math.abs(sum) < cancelled * size ? 0 : sum
}

/** Describes a latent that another one was moved to, which keeps the condition of that other one. */
function moved(model: Model, from: ResolvedLatent, latent: Latent): ResolvedLatent {
  const { condition, report, mixedConditions } = from
  const { source, seed, class: classIndex, prompts } = report
  const bare = reportBare(model, latent, { movedFrom: { source, seed } })
  const made = describe(latent, condition, { ...bare, class: classIndex, prompts })
  return mixedConditions ? { ...made, mixedConditions } : made
}

function describe(
  latent: Latent,
  condition: ResolvedLatent['condition'],
  report: ResolvedLatent['report'],
): ResolvedLatent {
  const key = `latent ${hashLatent(latent)} at ${latent.timestep} on ${hashCondition(condition)}`
  return { key, latent, condition, report }
}

/** Returns a function that draws from N(0, I) in the form of a latent, one sample after the other from one seed. */
function drawsLike({ x, timestep, previousState }: Latent, seed: number): () => Latent {
  const gaussian = createGaussian(seed)
  return () => {
    const tensor = createTensor(x.shape)
    gaussian.fill(tensor.data)
    return previousState
      ? { x: tensor, timestep, previousState: { ...previousState, x: tensor } }
      : { x: tensor, timestep }
  }
}
