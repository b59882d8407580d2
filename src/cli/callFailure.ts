import type { CommanderError } from 'commander'
import type { Failure } from '#shared/errors'
import { exitCodeOf } from './exitCodes'

/** Codes that commander throws to exit after printing what was asked for. */
const answers = new Set(['commander.help', 'commander.helpDisplayed', 'commander.version'])

/** Returns the exit code after commander has answered by itself: a help that nobody asked for is a usage error. */
export function answerCode({ exitCode }: CommanderError): number {
  return exitCode === 0 ? 0 : exitCodeOf({ code: 'BAD_INPUT', message: '' })
}

/** Turns a usage error into a one-line failure like every other; null if commander has already answered. */
export function callFailure({ code, message }: CommanderError): Failure | null {
  if (answers.has(code)) return null
  const words = message.replace(/^error: /, '').replaceAll(/\s+/g, ' ')
  const sentence = `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.)]$/.test(words) ? '' : '.'}`
  return { code: 'BAD_INPUT', message: `${sentence} Add --help for the options.` }
}
