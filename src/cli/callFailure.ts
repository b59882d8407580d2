import type { CommanderError } from 'commander'
import type { Failure } from '#shared/errors'

/** Codes that commander throws to exit after printing what was asked for. */
const answers = new Set(['commander.help', 'commander.helpDisplayed', 'commander.version'])

/** Turns a usage error into a one-line failure like every other; null if commander has already answered. */
export function callFailure({ code, message }: CommanderError): Failure | null {
  if (answers.has(code)) return null
  const words = message.replace(/^error: /, '').replaceAll(/\s+/g, ' ')
  const sentence = `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.)]$/.test(words) ? '' : '.'}`
  return { code: 'BAD_INPUT', message: `${sentence} Add --help for the options.` }
}
