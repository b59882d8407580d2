import { StudioError } from '#shared/errors'
import { classCondition } from '../model/network/classCondition'
import type { Condition } from '../model/network/condition'
import { joinGuidance } from '../model/network/guidance'
import type { Job } from './Job'

/** What a latent is decoded on, and what it was encoded on. */
export interface Prompts {
  readonly prompt: string
  readonly sourcePrompt: string
}

/** What a person says of it. */
export interface AskedCondition {
  readonly class?: number | undefined
  readonly prompt?: string | undefined
  readonly sourcePrompt?: string | undefined
}

/**
 * The texts of a picture: it is encoded on its source prompt, which is its prompt unless told otherwise, so that it comes
 * back as it was.
 */
export function promptsOfPicture({ prompt = '', sourcePrompt = prompt }: AskedCondition): Prompts {
  return { prompt, sourcePrompt }
}

/** The texts of a latent that was encoded from nothing: guidance leads away from its source prompt, by default from none. */
export function promptsOfNoise({ prompt = '', sourcePrompt = '' }: AskedCondition): Prompts {
  return { prompt, sourcePrompt }
}

/** What a latent's report says of its texts: null for a model that is shown none. */
export function reportedPrompts({ model }: Job, prompts: Prompts): Prompts | null {
  return model.texts && prompts
}

/**
 * What a network is shown of a class or of texts.
 *
 * @throws StudioError BAD_INPUT for a class or texts that the model does not take, or a class that is missing
 */
export async function conditionOf(
  { model, turn }: Job,
  asked: AskedCondition,
  { prompt, sourcePrompt }: Prompts,
): Promise<Condition> {
  const condition = classCondition(model.info, asked.class)
  if (model.texts === null) {
    if (prompt === '' && sourcePrompt === '') return condition
    throw new StudioError('BAD_INPUT', `${model.info.id} is not shown texts: leave the prompt out.`)
  }
  const target = await model.texts.encode(prompt, turn)
  return joinGuidance(target, await model.texts.encode(sourcePrompt, turn))
}
