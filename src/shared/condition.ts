/** What a model is shown besides a noisy picture: a class, or texts. */
import { z } from 'zod'
import { limits, whole } from './limits'

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
