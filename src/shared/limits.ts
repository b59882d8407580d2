/** The ranges of all numbers that the user sets, shared by schemas, the command line and the window. */
import { z } from 'zod'

/** Smallest and largest allowed value. */
export interface Limits {
  readonly min: number
  readonly max: number
}

export const limits = {
  /** CPU threads; 0 leaves the choice to the runtime. */
  threads: { min: 0, max: 256 },
  /** Latents that go through the network together. */
  batch: { min: 1, max: 256 },
  /** Steps of a trajectory, each way; the model's number of training timesteps is checked once known. */
  steps: { min: 1, max: Number.MAX_SAFE_INTEGER },
  /** A timestep to encode up to; checked further once the model is known. */
  timestep: { min: 1, max: Number.MAX_SAFE_INTEGER },
  /** Randomness of decoding: 0 is DDIM, 1 is DDPM (paper, eq. 16). */
  eta: { min: 0, max: 1 },
  seed: { min: 0, max: Number.MAX_SAFE_INTEGER },
  /** Guidance from the source prompt to the prompt; 1 is the prompt itself. */
  guidance: { min: 0, max: 30 },
  /** Characters of a prompt; a text encoder sees only 77 tokens of it. */
  prompt: { min: 0, max: 10_000 },
  /** Class of a class-conditional model; the number of classes is checked once the model is known. */
  class: { min: 0, max: 1_000_000 },
  /** Percentage of the training timesteps that loosening replaces by noise. */
  loosen: { min: 0, max: 50 },
  /** The weight of a latent in a mix. */
  weight: { min: -100, max: 100 },
  /** Latents in one mix. */
  mixParts: { min: 1, max: 64 },
  /** Index of a principal direction, counted from the one with the largest variance. */
  component: { min: 0, max: 62 },
  /** Degrees between a latent and those of a walk around it. */
  walkAngle: { min: 0, max: 180 },
  /** Position on a circle, as a fraction of a full turn. */
  turn: { min: 0, max: 1 },
  /** Factor applied to timesteps before they are given to a network. */
  timestepScale: { min: 1e-6, max: 1e6 },
  /** Pictures that `sample` draws into a folder. */
  samples: { min: 1, max: 10_000_000 },
  /** Pictures that `sample` draws into one file. */
  samplesInFile: { min: 1, max: 10_000 },
  /** Shards of one job. */
  shards: { min: 1, max: 100_000 },
  /** Frames of a whole animation. */
  frames: { min: 2, max: 100_000 },
  /** Frames of a walk, each of which has a latent of its own in memory. */
  walkFrames: { min: 2, max: 10_000 },
  /** Frames of one segment of a path. */
  segmentFrames: { min: 1, max: 100_000 },
  /** Pictures along one side of a grid. */
  gridSide: { min: 2, max: 100 },
  /** Frames per second, fractions allowed; formats have limits of their own in addition. */
  fps: { min: 0.1, max: 120 },
  /** Factor by which an export is larger than the model's pictures. */
  scale: { min: 1, max: 8 },
  /** Quality of lossy formats, in percent. */
  quality: { min: 1, max: 100 },
  /** Bytes of latents and frames that may be cached on disk. */
  cacheBytes: { min: 0, max: 10 ** 15 },
  /** Size of text and controls, in percent. */
  textSize: { min: 80, max: 200 },
  studyPictures: { min: 1, max: 1000 },
  /** Colours of the discrete process. */
  discreteColours: { min: 2, max: 64 },
  /** Pixels along one side of its pictures. */
  discreteSide: { min: 8, max: 256 },
  /** Its steps, whose alphas are evenly spaced. */
  discreteSteps: { min: 1, max: 1000 },
} as const satisfies Record<string, Limits>

/**
 * Returns a schema for whole numbers.
 *
 * @param name  name of the number in the error message
 */
export function whole({ min, max }: Limits, name = 'the number') {
  return z
    .int(`${name} must be a whole number`)
    .min(min, `${name} must be at least ${min}`)
    .max(max, `${name} must be at most ${max}`)
}

/** Returns a schema for numbers, including fractions. See {@link whole}. */
export function real({ min, max }: Limits, name = 'the number') {
  return z
    .number(`${name} must be a number`)
    .min(min, `${name} must be at least ${min}`)
    .max(max, `${name} must be at most ${max}`)
}
