import { StudioError } from '#shared/errors'
import { classCondition } from '../model/network/classCondition'
import { type Condition, stackConditions, unconditional } from '../model/network/condition'
import { encodingCondition, joinGuidance } from '../model/network/guidance'
import type { Job } from './Job'
import { textVersion } from './resultVersions'

/** The texts that a latent is decoded and encoded with. */
export interface Prompts {
  readonly prompt: string
  readonly sourcePrompt: string
}

/** The condition as the user states it. */
export interface AskedCondition {
  readonly class?: number | undefined
  readonly prompt?: string | undefined
  readonly sourcePrompt?: string | undefined
}

/**
 * Returns the prompts of a picture. It is encoded with its source prompt, by default the same as its prompt,
 * so that it decodes to itself.
 */
export function promptsOfPicture({ prompt = '', sourcePrompt = prompt }: AskedCondition): Prompts {
  return { prompt, sourcePrompt }
}

/**
 * Returns the prompts of a latent that was not encoded from a picture: guidance leads away from its source
 * prompt, which is empty by default.
 */
export function promptsOfNoise({ prompt = '', sourcePrompt = '' }: AskedCondition): Prompts {
  return { prompt, sourcePrompt }
}

/** Returns what identifies texts in the keys of results. */
export function promptsKey(prompts: Partial<Prompts>): string {
  return JSON.stringify([textVersion, prompts])
}

/** Returns the prompts for a latent's report; null for a model that takes none. */
export function reportedPrompts({ model }: Job, prompts: Prompts): Prompts | null {
  return model.texts && prompts
}

/**
 * Returns the network's input for a class or texts. A text that is not in memory is left out if the job may not
 * compute it.
 *
 * @throws StudioError BAD_INPUT for a class or texts that the model does not take, or for a missing class
 */
export async function conditionOf(
  { model, announcedTurn, computesTexts }: Job,
  asked: AskedCondition,
  { prompt, sourcePrompt }: Prompts,
): Promise<Condition> {
  const condition = classCondition(model.info, asked.class)
  if (model.texts === null) {
    if (prompt === '' && sourcePrompt === '') return condition
    throw new StudioError('BAD_INPUT', `${model.info.id} is not text-conditional: leave the prompt out.`)
  }
  const { texts } = model
  const encode = (text: string) =>
    computesTexts ? texts.encode(text, announcedTurn) : (texts.find(text) ?? unconditional)
  const target = await encode(prompt)
  return joinGuidance(target, await encode(sourcePrompt))
}

/** Returns a condition that the model takes, for any number of items: its first class, or no text. */
export async function anyCondition(job: Job): Promise<(items: number) => Condition> {
  const asked = { class: job.model.info.classes === null ? undefined : 0 }
  const condition = encodingCondition(await conditionOf(job, asked, promptsOfNoise({})))
  return (items) => stackConditions(Array<Condition>(items).fill(condition))
}
