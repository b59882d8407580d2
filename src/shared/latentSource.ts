/** Latents, each told by where it comes from. */
import { z } from 'zod'
import { classIndex, prompts } from './condition'
import { limits, real, whole } from './limits'
import { pictureSource } from './pictureSource'
import { encodeSettings, endTimestep } from './settings'

/** How much of one latent goes into a mix, or of a direction into a latent. */
const weight = real(limits.weight, 'weight')

const pictureLatent = z.object({
  kind: z.literal('picture'),
  picture: pictureSource,
  encode: encodeSettings,
  /** Whether the latent is then shifted and scaled to mean 0 and standard deviation 1. */
  restandardise: z.boolean().default(false),
  class: classIndex,
  ...prompts,
})

/**
 * `endTimestep` is that of a file which does not tell its own; one that does must agree. `class` takes the place of the
 * file's own.
 */
const fileLatent = z.object({
  kind: z.literal('file'),
  path: z.string().min(1),
  endTimestep,
  class: classIndex,
  ...prompts,
})

const seedLatent = z.object({
  kind: z.literal('seed'),
  seed: whole(limits.seed, 'seed'),
  endTimestep,
  class: classIndex,
  ...prompts,
})

/** z = sum(w x) / sqrt(sum(w^2)), whatever the order of its parts. */
const mixLatent = z.object({
  kind: z.literal('mix'),
  get parts() {
    return z
      .array(z.object({ latent: latentSource, weight }))
      .min(1)
      .max(limits.mixParts.max)
  },
})

const latents = () => z.array(latentSource).min(1).max(limits.mixParts.max)

/** A latent moved along the mean of one group minus the mean of another, its length kept. */
const directionLatent = z.object({
  kind: z.literal('direction'),
  get from() {
    return latentSource
  },
  get plus() {
    return latents()
  },
  get minus() {
    return latents()
  },
  /** 1 moves as far as the means are apart. */
  strength: weight,
})

/** A latent moved along a principal direction of several others, its length kept. */
const principalLatent = z.object({
  kind: z.literal('principal'),
  get from() {
    return latentSource
  },
  get of() {
    return latents()
  },
  /** 0 is the direction of the largest variance. */
  component: whole(limits.component, 'component'),
  /** In standard deviations. */
  strength: weight,
})

/** A latent at an angle from another, on a circle around it that a seed chooses. */
const walkLatent = z.object({
  kind: z.literal('walk'),
  get around() {
    return latentSource
  },
  seed: whole(limits.seed, 'seed'),
  /** In degrees. */
  angle: real(limits.walkAngle, 'angle'),
  /** How far round the circle. */
  turn: real(limits.turn, 'turn'),
})

/**
 * A latent, told by where it comes from. Self-contained and deterministic, so a request that names it can be repeated
 * in a fresh process and means the same bytes; the engine keeps what it computed only as a cache.
 */
export const latentSource = z.discriminatedUnion('kind', [
  pictureLatent,
  fileLatent,
  seedLatent,
  mixLatent,
  directionLatent,
  principalLatent,
  walkLatent,
])
export type LatentSource = z.infer<typeof latentSource>
/** A latent that is made of other latents. */
export type ComposedLatentSource = Extract<LatentSource, { kind: 'mix' | 'direction' | 'principal' | 'walk' }>

/** The latents that one is made of; none for one that is made of no other. */
export function partsOf(source: LatentSource): readonly LatentSource[] {
  switch (source.kind) {
    case 'mix':
      return source.parts.map(({ latent }) => latent)
    case 'direction':
      return [source.from, ...source.plus, ...source.minus]
    case 'principal':
      return [source.from, ...source.of]
    case 'walk':
      return [source.around]
    default:
      return []
  }
}
