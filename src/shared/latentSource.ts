/** Latents, identified by their origin. */
import { z } from 'zod'
import { classIndex, prompts } from './condition'
import { limits, real, whole } from './limits'
import { pictureSource } from './pictureSource'
import { encodeSettings, endTimestep } from './settings'

/** The weight of a latent in a mix, or of a direction in a latent. */
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
 * `endTimestep` is for a file that does not state its own; if the file does, the two must agree.
 * `assumedTimestep` is for such a file too, but gives way to what the file states. `class` overrides the
 * file's own.
 */
const fileLatent = z.object({
  kind: z.literal('file'),
  path: z.string().min(1),
  endTimestep,
  assumedTimestep: endTimestep,
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

/**
 * z = sum(w x) / sqrt(sum(w^2)), independent of the order of the parts. Weights of one latent are added first; those
 * that cancel are 0.
 */
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

/** A latent moved along the mean of one group minus the mean of another, with its norm preserved. */
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

/** A latent moved along a principal direction of several others, with its norm preserved. */
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

/** A latent at an angle from another, on a circle around it that is chosen by a seed. */
const walkLatent = z.object({
  kind: z.literal('walk'),
  get around() {
    return latentSource
  },
  seed: whole(limits.seed, 'seed'),
  /** In degrees. */
  angle: real(limits.walkAngle, 'angle'),
  /** Position on the circle, as a fraction of a full turn. */
  turn: real(limits.turn, 'turn'),
})

/**
 * A latent, identified by its origin. Self-contained and deterministic: a request with it can be repeated in
 * a fresh process and yields the same bytes. The engine keeps what it computed only as a cache.
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
/** A latent that is made from other latents. */
export type ComposedLatentSource = Extract<LatentSource, { kind: 'mix' | 'direction' | 'principal' | 'walk' }>

/** Returns the latents that a latent is made from; none if it is not composed. */
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
