import type { CommanderError } from 'commander'
import type { Failure } from '#shared/errors'

/** What commander throws to end the program once it has printed what was asked for. */
const answers = new Set(['commander.help', 'commander.helpDisplayed', 'commander.version'])

/** What is wrong with a call, as one line like every other failure; null when commander has answered it. */
export function callFailure({ code, message }: CommanderError): Failure | null {
  if (answers.has(code)) return null
  const words = message.replace(/^error: /, '').replaceAll(/\s+/g, ' ')
  const sentence = `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.)]$/.test(words) ? '' : '.'}`
  return { code: 'BAD_INPUT', message: `${sentence} Add --help for the options.` }
}
