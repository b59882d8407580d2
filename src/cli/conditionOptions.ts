import type { Command } from 'commander'
import { limits } from '#shared/limits'
import { realNumber, wholeNumber } from './parsers'

/** What the network is conditioned on, and how strongly decoding follows it. */
export interface ConditionOptions {
  class?: number
  prompt?: string
  sourcePrompt?: string
  guidance?: number
}

/** Adds the options of {@link ConditionOptions}. */
export function addConditionOptions(command: Command): Command {
  return addClassOption(command)
    .option('--prompt <text>', 'what the picture shows, for a model that is shown texts (default: nothing)')
    .option(
      '--source-prompt <text>',
      'what guidance leads away from: a picture is encoded on it (default: the prompt), for seeds it is the negative prompt (default: nothing)',
    )
    .option(
      '--guidance <number>',
      'how far decoding goes from the source prompt to the prompt and beyond; 1 is the prompt itself (default: 1)',
      realNumber(limits.guidance),
    )
}

/** Adds the option that selects a class of a class-conditional model. */
export function addClassOption(command: Command): Command {
  return command.option('--class <number>', 'class, for a class-conditional model', wholeNumber(limits.class))
}

/** Returns the condition of a latent, from the command line's options. */
export function conditionFieldsOf({
  class: classIndex,
  prompt,
  sourcePrompt,
}: Omit<ConditionOptions, 'guidance'>) {
  return { class: classIndex, prompt, sourcePrompt }
}
