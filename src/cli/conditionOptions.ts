import type { Command } from 'commander'
import { prompt as promptSchema } from '#shared/condition'
import { limits } from '#shared/limits'
import { inGroup } from './inGroup'
import { acceptedBy, realNumber, wholeNumber } from './parsers'

/** What the network is conditioned on, and how strongly decoding follows it. */
export interface ConditionOptions {
  class?: number
  prompt?: string
  sourcePrompt?: string
  guidance?: number
}

const promptText = acceptedBy(promptSchema, `Give at most ${limits.prompt.max} characters.`)

/** The heading of the options of {@link ConditionOptions}. */
const conditionHeading = 'Class and prompt'

/** Adds the options of {@link ConditionOptions}. */
export function addConditionOptions(command: Command): Command {
  return inGroup(addLatentConditionOptions(command), conditionHeading, (group) =>
    group.option(
      '--guidance <number>',
      'guidance scale, from the source prompt towards the prompt; 1 is the prompt itself (default: 1)',
      realNumber(limits.guidance),
    ),
  )
}

/** Adds those options that belong to a latent, whatever it is decoded for. */
export function addLatentConditionOptions(command: Command): Command {
  return inGroup(command, conditionHeading, (group) =>
    group
      .option('--class <number>', 'class, for class-conditional models', wholeNumber(limits.class))
      .option(
        '--prompt <text>',
        'prompt that describes the picture, for text-conditional models (default: empty)',
        promptText,
      )
      .option(
        '--source-prompt <text>',
        'prompt that guidance moves away from: pictures are encoded with it (default: the prompt); for seeds it is the negative prompt (default: empty)',
        promptText,
      ),
  )
}

/** Returns the condition of a latent, from the command line's options. */
export function conditionFieldsOf({
  class: classIndex,
  prompt,
  sourcePrompt,
}: Omit<ConditionOptions, 'guidance'>) {
  return { class: classIndex, prompt, sourcePrompt }
}
