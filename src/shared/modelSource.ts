/** Which network is asked, and how it is run. */
import { z } from 'zod'
import { allPredictionTypes } from '#core/diffusion/schedulerConfig'
import { deviceChoices, placement, precisions } from './devices'
import { inferenceServer } from './inferenceServer'
import { limits, real, whole } from './limits'

/** What a model is read as where its own configuration is wrong; the configuration counts for what is left out. */
export const modelReading = z.object({
  /** What the network predicts. */
  prediction: z.enum(allPredictionTypes).optional(),
  /** What each timestep is multiplied by before the network is shown it: 1/T for a network trained on 0 to 1. */
  timestepScale: real(limits.timestepScale, 'timestepScale').optional(),
})
export type ModelReading = z.infer<typeof modelReading>

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
