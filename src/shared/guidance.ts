import { promptsDiffer } from '#core/diffusion/pictureChange'
import { partsOf, type LatentSource } from './latentSource'

/**
 * Returns whether guidance has an effect on any of these latents: whether the prompt that it is decoded
 * with differs from the one that it was encoded with, which is empty for a latent without a picture. A latent
 * file may have prompts of its own, which only the engine knows.
 */
export function anyPromptsDiffer(latents: readonly LatentSource[]): boolean {
  return latents.some((latent) => hasTwoPrompts(latent) || anyPromptsDiffer(partsOf(latent)))
}

function hasTwoPrompts(latent: LatentSource): boolean {
  if (!('prompt' in latent || 'sourcePrompt' in latent)) return false
  const { kind, prompt = '', sourcePrompt = kind === 'picture' ? prompt : '' } = latent
  return promptsDiffer({ prompt, sourcePrompt })
}
