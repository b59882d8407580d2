import { z } from 'zod'
import type { NoiseSchedule } from '#core/diffusion/noiseSchedule'
import { readJson } from '#files/fileAccess'
import { conditionUnetClass } from '../graph/rawConditionUnetConfig'
import type { TextIntake } from '../graph/unet'

/** The side of a state of the first Stable Diffusion networks, whose pictures are 512 × 512. */
const firstSide = 64

/** A network that diffusers' `StableDiffusionPipeline` loads, in a file from before 0.9 with a smaller size. */
const oldConfig = z.looseObject({
  _class_name: z.literal(conditionUnetClass.className),
  _diffusers_version: z.string().regex(/^0\.[0-8](?!\d)/),
  sample_size: z.int().min(1).lt(firstSide),
  // Networks with more than a text belong to the pipeline of SDXL, which changes nothing.
  addition_embed_type: z.null().optional(),
})

/** The config.json of a network, as its pipeline in diffusers reads it. */
export interface NetworkConfig {
  readonly json: unknown
  /** The options that were read otherwise than the file states them, one sentence each. */
  readonly warnings: readonly string[]
}

/**
 * Reads the config.json of a network. Many Stable Diffusion files from before diffusers 0.9 hold a wrong
 * `sample_size`, in place of which `StableDiffusionPipeline.__init__` takes 64.
 *
 * @param isLatent  whether the network has an autoencoder, without which that pipeline does not load it
 */
export async function readNetworkConfig(path: string, isLatent: boolean): Promise<NetworkConfig> {
  const json = await readJson(path, 'BAD_MODEL')
  const old = oldConfig.safeParse(json)
  if (!isLatent || !old.success) return { json, warnings: [] }
  const { sample_size: size, _diffusers_version: version } = old.data
  return {
    json: { ...old.data, sample_size: firstSide },
    warnings: [
      `${path}, written by diffusers ${version}, has the "sample_size" ${size}, which is wrong in many files of that time: it was read as ${firstSide}, as diffusers does, so write ${firstSide} there, or "0.9.0" as the "_diffusers_version" if ${size} is right.`,
    ],
  }
}

/**
 * Returns the schedule of a network on the codes of an autoencoder, as its pipeline in diffusers reads it. Codes
 * are not pictures and have no range by nature. `StableDiffusionPipeline.__init__` turns `clip_sample` off and
 * takes 1 for `steps_offset`; the pipeline of SDXL, and the `LDMPipeline` of networks without text, leave both to
 * the scheduler and its file.
 *
 * @param text  null for a network without text
 */
export function scheduleOfCodes(schedule: NoiseSchedule, text: TextIntake | null): NoiseSchedule {
  const own = text === null || text.isPooled ? schedule : { clipRange: null, stepsOffset: 1 }
  return { ...schedule, clipRange: own.clipRange ?? Infinity, stepsOffset: own.stepsOffset }
}
