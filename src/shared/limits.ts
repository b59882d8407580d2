/** The range of every number that a person sets, once: schemas, the command line and the window's fields read it. */
import { z } from 'zod'

/** From the least to the most, both allowed. */
export interface Limits {
  readonly min: number
  readonly max: number
}

export const limits = {
  /** CPU threads; 0 leaves the choice to the runtime. */
  threads: { min: 0, max: 256 },
  /** Latents that go through the network together. */
  batch: { min: 1, max: 256 },
  /** Steps of a trajectory, each way; the model's number of training timesteps is checked where the model is known. */
  steps: { min: 1, max: Number.MAX_SAFE_INTEGER },
  /** A timestep to encode up to; likewise. */
  timestep: { min: 1, max: Number.MAX_SAFE_INTEGER },
  /** How random decoding is: 0 is DDIM, 1 is DDPM (paper, eq. 16). */
  eta: { min: 0, max: 1 },
  seed: { min: 0, max: Number.MAX_SAFE_INTEGER },
  /** Guidance from the source prompt to the prompt; 1 is the prompt itself. */
  guidance: { min: 0, max: 30 },
  /** Letters of a prompt; of which a text encoder sees 77 tokens. */
  prompt: { min: 0, max: 10_000 },
  /** Class of a class-conditional model; how many it has is checked where the model is known. */
  class: { min: 0, max: 1_000_000 },
  /** Percent of the training timesteps that loosening replaces by noise. */
  loosen: { min: 0, max: 50 },
  /** How much of one latent goes into a mix. */
  weight: { min: -100, max: 100 },
  /** Latents that one mix is made of. */
  mixParts: { min: 1, max: 64 },
  /** Which principal direction, counted from that of the largest variance. */
  component: { min: 0, max: 62 },
  /** Degrees between a latent and those of a walk around it. */
  walkAngle: { min: 0, max: 180 },
  /** How far round a circle. */
  turn: { min: 0, max: 1 },
  /** What timesteps are multiplied by before a network is shown them. */
  timestepScale: { min: 1e-6, max: 1e6 },
  /** Pictures that `sample` draws into a folder. */
  samples: { min: 1, max: Number.MAX_SAFE_INTEGER },
  /** Of them, in one file. */
  samplesInFile: { min: 1, max: 10_000 },
  /** Runs that share one job. */
  shards: { min: 1, max: 100_000 },
  /** Frames of a whole animation. */
  frames: { min: 2, max: 100_000 },
  /** Frames of one segment of a path. */
  segmentFrames: { min: 1, max: 100_000 },
  /** Pictures along one side of a grid. */
  gridSide: { min: 2, max: 100 },
  /** Frames a second, fractions allowed; formats have limits of their own besides. */
  fps: { min: 0.1, max: 120 },
  /** How many times larger than the model's pictures an export is. */
  scale: { min: 1, max: 8 },
  /** Quality of lossy formats, in percent. */
  quality: { min: 1, max: 100 },
  /** What may be kept on disk of latents and frames. */
  cacheBytes: { min: 0, max: 10 ** 15 },
  /** Size of text and controls, in percent. */
  textSize: { min: 80, max: 200 },
  studyPictures: { min: 1, max: 1000 },
  /** Colours of the discrete process. */
  discreteColours: { min: 2, max: 64 },
  /** Pixels along one side of its pictures. */
  discreteSide: { min: 8, max: 256 },
  /** Its steps, whose alphas lie evenly apart. */
  discreteSteps: { min: 1, max: 1000 },
} as const satisfies Record<string, Limits>

/**
 * A schema of whole numbers.
 *
 * @param name  what the number is called in the error
 */
export function whole({ min, max }: Limits, name = 'the number') {
  return z
    .int(`${name} must be a whole number`)
    .min(min, `${name} must be at least ${min}`)
    .max(max, `${name} must be at most ${max}`)
}

/** A schema of numbers, fractions among them. See {@link whole}. */
export function real({ min, max }: Limits, name = 'the number') {
  return z
    .number(`${name} must be a number`)
    .min(min, `${name} must be at least ${min}`)
    .max(max, `${name} must be at most ${max}`)
}
