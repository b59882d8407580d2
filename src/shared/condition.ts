/** What a model takes besides a noisy picture: a class, or texts. */
import { z } from 'zod'
import { limits, whole } from './limits'

/** Class index of a class-conditional model. Such a model requires one; no other model accepts one. */
export const classIndex = whole(limits.class, 'class').optional()

/** A prompt for a text-conditional model; no other model accepts one. */
export const prompt = z.string().max(limits.prompt.max).optional()
/** The fields of a request that hold its prompts. */
export const prompts = {
  /** The prompt a latent is decoded with. */
  prompt,
  /**
   * The prompt that guidance starts from. A picture is encoded with it, and it defaults to `prompt`. For any
   * other latent it is the negative prompt, and defaults to the empty text.
   */
  sourcePrompt: prompt,
}
