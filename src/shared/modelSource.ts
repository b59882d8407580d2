/** Which network to evaluate, and how to run it. */
import { z } from 'zod'
import { allPredictionTypes } from '#core/diffusion/schedulerConfig'
import { deviceChoices, placement, precisions } from './devices'
import { inferenceServer } from './inferenceServer'
import { limits, real, whole } from './limits'

/** How to read a model whose own configuration is wrong; the configuration counts for what is left out. */
export const modelReading = z.object({
  /** What the network predicts. */
  prediction: z.enum(allPredictionTypes).optional(),
  /** Factor applied to each timestep before the network gets it: 1/T for a network trained on 0 to 1. */
  timestepScale: real(limits.timestepScale, 'timestepScale').optional(),
})
export type ModelReading = z.infer<typeof modelReading>

/** The id of the results that an opened project brought. They are looked up before anything is computed. */
export const projectResults = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .optional()

/**
 * Where a network is and how to run it. `threads` 0 leaves the choice to the runtime. `device` and
 * `precision` are what the user asks for; `placement` is the resulting choice, filled in on the way to the
 * engine.
 */
export const modelSource = z.object({
  path: z.string().min(1),
  ...modelReading.shape,
  threads: whole(limits.threads, 'threads').default(0),
  device: z.enum(deviceChoices).default('auto'),
  precision: z.enum(precisions).default('fp32'),
  placement: placement.optional(),
  /** A server that evaluates the network in place of a device of this machine. */
  server: inferenceServer.optional(),
  projectResults,
})
export type ModelSource = z.infer<typeof modelSource>
