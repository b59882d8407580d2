import { repeats } from '#core/timeline/playOrder'
import { z } from 'zod'
import { conditioningTimesteps } from '#core/diffusion/path'
import type { DecodeSettings, EncodeSettings } from '#core/diffusion/settings'
import { allPredictionTypes } from '#core/diffusion/schedulerConfig'
import { solverIds } from '#core/diffusion/solvers/registry'
import { timestepSpacingIds } from '#core/diffusion/timestepSpacings/registry'
import { enlargements } from '#core/picture/enlarge'
import { easings, type BezierHandles } from '#core/timeline/easing'
import { hasSoundPlaces, type Segment } from '#core/timeline/path'
import { interpolationIds } from '#core/timeline/interpolations/registry'
import { deviceChoices, placement, precisions } from './devices'
import { exportFormats } from './exportFormats'
import { limits, real, whole } from './limits'

/** Steps of a trajectory, each way; the model's number of training timesteps is checked where the model is known. */
export const steps = whole(limits.steps, 'steps')

/** How random decoding is: 0 is DDIM, 1 is DDPM (paper, eq. 16). */
export const eta = real(limits.eta, 'eta')

/** Timesteps by hand, ascending: for a spacing that takes them. What a model does not have is refused where it is known. */
const timesteps = z.array(z.int().min(0)).min(1, 'name at least one timestep').readonly().optional()

/** The noisiest timestep of a trajectory; the last one whose sigma is at most 160 when left out. */
export const endTimestep = whole(limits.timestep, 'endTimestep').optional()

/** The reversed ODE, x0 -> xT. `endTimestep` is the timestep encoded to. */
export const encodeSettings = z.object({
  solver: z.enum(solverIds).default('blended2m'),
  timestepSpacing: z.enum(timestepSpacingIds).default('karras'),
  steps: steps.default(50),
  timesteps,
  conditioningTimestep: z.enum(conditioningTimesteps).default('current'),
  endTimestep,
  loosen: z
    .object({ percent: real(limits.loosen, 'percent'), seed: whole(limits.seed, 'seed').default(0) })
    .optional(),
}) satisfies z.ZodType<EncodeSettings>

/**
 * The way back, xT -> x0. `eta` 0 is DDIM, 1 is DDPM (paper, eq. 16); `sigmaHat` takes the paper's larger noise of
 * appendix D.3. `seed` is that of the noise, which only eta > 0 or sigmaHat draw. `clip` clips the predicted x0.
 */
export const decodeSettings = z.object({
  solver: z.enum(solverIds).default('blended2m'),
  timestepSpacing: z.enum(timestepSpacingIds).default('karras'),
  steps: steps.default(50),
  timesteps,
  eta: eta.default(0),
  sigmaHat: z.boolean().default(false),
  seed: whole(limits.seed, 'seed').default(0),
  clip: z.boolean().default(false),
  guidance: real(limits.guidance, 'guidance').optional(),
}) satisfies z.ZodType<DecodeSettings>

/** A quick stand-in for a final frame, whatever the settings of that: see `draftTrajectory`. */
export const frameDraft = z.object({
  /** Evaluations of the network for each frame. */
  evaluations: z.int().min(1).max(20),
  /** Answers final frames where all of them are kept. */
  orFinal: z.boolean().default(true),
})
export type FrameDraft = z.infer<typeof frameDraft>

/** What the model sees of a picture: the model's input is square, pictures seldom are. Rectangles in source pixels. */
export const fitSettings = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('cover') }),
  z.object({
    mode: z.literal('contain'),
    background: z.string().regex(/^#[0-9a-fA-F]{6}$/, 'background must be #rrggbb'),
  }),
  z.object({
    mode: z.literal('crop'),
    x: z.number(),
    y: z.number(),
    width: z.number().positive(),
    height: z.number().positive(),
  }),
])
export type FitSettings = z.infer<typeof fitSettings>

/** What a model is read as where its own configuration is wrong; the configuration counts for what is left out. */
export const modelReading = z.object({
  /** What the network predicts. */
  prediction: z.enum(allPredictionTypes).optional(),
  /** What each timestep is multiplied by before the network is shown it: 1/T for a network trained on 0 to 1. */
  timestepScale: real(limits.timestepScale, 'timestepScale').optional(),
})
export type ModelReading = z.infer<typeof modelReading>

/**
 * A server that evaluates a network by KServe's protocol, version 2 over REST: NVIDIA Triton and others. The folder of the model is still
 * wanted here, for its schedule and to compare the server with the CPU.
 */
export const inferenceServer = z.object({
  url: z.url({ protocol: /^https?$/, error: 'the address of a server begins with http:// or https://' }),
  /** What the server calls the model. */
  model: z.string().min(1).default('unet'),
  /** The newest when left out. */
  version: z.string().min(1).optional(),
  /** Sent with every request, "Name: value". */
  header: z
    .string()
    .regex(/^[\w-]+\s*:\s*[\x20-\x7e]+$/, 'a header is "Name: value"')
    .optional(),
  /** File of the certificate authority to trust, PEM. */
  ca: z.string().min(1).optional(),
  /** What to do when the server is gone: wait until it is back, or go on with the CPU. */
  fallback: z.enum(['wait', 'cpu']).default('wait'),
})
export type InferenceServer = z.infer<typeof inferenceServer>

/** Names the results that an opened project brought: they are looked at before anything is computed. */
export const projectResults = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .optional()

/**
 * Where a network is and how it is run. `threads` 0 leaves the choice to the runtime. `device` and `precision` are
 * what a person asks for; `placement`, what comes of it, is filled in on the way to the engine.
 */
export const modelSource = z.object({
  path: z.string().min(1),
  ...modelReading.shape,
  threads: whole(limits.threads, 'threads').default(0),
  device: z.enum(deviceChoices).default('auto'),
  precision: z.enum(precisions).default('fp32'),
  placement: placement.optional(),
  /** Evaluates the network in the place of a device of this machine. */
  server: inferenceServer.optional(),
  projectResults,
})
export type ModelSource = z.infer<typeof modelSource>

/** A picture file, and what the model sees of it. */
export const pictureSource = z.object({
  path: z.string().min(1),
  /** Of the file when it was last seen: what is kept of it is found by this while the file itself is missing. */
  sha256: z.string().optional(),
  fit: fitSettings.default({ mode: 'cover' }),
})
export type PictureSource = z.infer<typeof pictureSource>

/** Which class of a class-conditional model; such a model wants one, and no other model takes any. */
export const classIndex = whole(limits.class, 'class').optional()

/** What a model that is shown texts is shown; no other model takes any. */
export const prompt = z.string().max(limits.prompt.max).optional()
export const prompts = {
  /** What a latent is decoded on. */
  prompt,
  /**
   * What guidance starts from. A picture is encoded on it, and it is the prompt when left out; of any other latent it
   * is the negative prompt, and empty when left out.
   */
  sourcePrompt: prompt,
}

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

/** As one value, so that a document with an odd number in it keeps the whole of it for those who can read it. */
const bezierHandles = z.custom<BezierHandles>(
  (value) =>
    Array.isArray(value) &&
    value.length === 4 &&
    value.every((part) => typeof part === 'number' && part >= 0 && part <= 1),
)

/** How time runs within a segment: a curve's name, or the two handles of its own. */
export const easing = z.union([z.enum(easings), bezierHandles], {
  error: `easing must be one of ${easings.join(', ')}, or four numbers between 0 and 1`,
})

/** Some frames of a film, both ends included, counted from 0. */
export const frameRange = z
  .object({ start: z.int().min(0), end: z.int().min(0) })
  .refine(({ start, end }) => start <= end, { error: 'end must not be before start' })

/** The stretch from one stop to the next: `frames` counts its first frame, not its last. */
export const segment = z
  .object({
    frames: whole(limits.segmentFrames, 'frames'),
    easing: easing.default('linear'),
    interpolation: z.enum(interpolationIds).default('slerp'),
    /** Where each frame but the first lies, as even timing measured it: in the place of the easing. */
    fractions: z.array(z.number()).readonly().optional(),
  })
  .refine(hasSoundPlaces, {
    error: 'fractions must ascend between 0 and 1, one fewer than frames',
  }) satisfies z.ZodType<Segment>

/** What frames are wanted, as latents still to be mixed. */
export const framePlan = z.discriminatedUnion('kind', [
  /** A path through two or more stops. One segment between each two; one more, back to the first, closes it. */
  z.object({
    kind: z.literal('path'),
    stops: z.array(latentSource).min(2),
    segments: z.array(segment).min(1),
    /**
     * Whether a stop that was encoded from a picture shows that picture itself: what its reconstruction lacks is added,
     * and fades along the path.
     */
    pinned: z.boolean().optional(),
  }),
  /** The paper's two-way interpolation (appendix D.5): four corners, row-major top-left, top-right, bottom-left, bottom-right. */
  z.object({
    kind: z.literal('grid'),
    corners: z.array(latentSource).length(4),
    columns: whole(limits.gridSide, 'columns'),
    rows: whole(limits.gridSide, 'rows'),
  }),
  /** Independent latents, each decoded as it is. */
  z.object({ kind: z.literal('list'), latents: z.array(latentSource).min(1) }),
])
export type FramePlan = z.infer<typeof framePlan>

/** Where frames go, and how. */
export const exportTarget = z.object({
  path: z.string().min(1),
  format: z.enum(exportFormats),
  fps: real(limits.fps, 'fps').default(20),
  scale: whole(limits.scale, 'scale').default(1),
  /** How frames are enlarged where `scale` is more than 1. */
  enlargement: z.enum(enlargements).default('lanczos'),
  repeat: z.enum(repeats).default('forever'),
  quality: whole(limits.quality, 'quality').default(90),
  overwrite: z.boolean().default(false),
  /** The frame that a format of a single one shows; the middle one when left out. */
  frame: z.int().min(0).optional(),
  /** The frames that a format of many shows; all of them when left out. */
  range: frameRange.optional(),
  /** Whether a cancelled export leaves its finished frames beside the target, for the same request to go on from. */
  keepUnfinished: z.boolean().default(false),
})
export type ExportTarget = z.infer<typeof exportTarget>
