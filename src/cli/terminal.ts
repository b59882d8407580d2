import { formatEstimate } from '#core/format/quantities'
import { explainFileError } from '#files/fileErrors'
import type { Failure } from '#shared/errors'
import { exitCodeOf } from './exitCodes'
import { countOf, overallOf, type Progress } from '#shared/progress'

const phaseVerbs = {
  load: 'Loading',
  encode: 'Encoding',
  decode: 'Decoding',
  measure: 'Measuring',
  write: 'Writing',
  download: 'Downloading',
} as const

/** Draws progress on one line of a terminal; the bar and the time left are those of the whole command. */
export function showProgress(progress: Progress): void {
  if (!process.stderr.isTTY) return showItem(progress)
  const { phase, label } = progress
  const { share, etaSeconds } = overallOf(progress)
  const filled = Math.round(24 * share)
  const bar = '█'.repeat(filled) + '░'.repeat(24 - filled)
  const eta = etaSeconds === null || share === 1 ? '' : ` · ${formatEstimate(etaSeconds)} left`
  process.stderr.write(
    `\r\x1b[2K${phaseVerbs[phase]} ${label ? `${label} ` : ''}${bar} ${countOf(progress)}${eta}`,
  )
}

/** Without a terminal, shows progress as one line per written file. */
function showItem({ item, done, total }: Progress): void {
  if (item !== undefined) process.stderr.write(`${item} written, ${done} of ${total}\n`)
}

/** Clears the progress line, so that what follows starts on a line of its own. */
function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K')
}

/** Prints a line that is not a result to stderr, so that stdout stays one JSON object with --json. */
export function say(line: string): void {
  clearProgress()
  process.stderr.write(`${line}\n`)
}

/** Prints the result: one JSON object with --json, otherwise lines for people. */
export function printResult(json: boolean, result: object, lines: readonly string[]): void {
  clearProgress()
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${lines.join('\n')}\n`)
}

/** Formats rows as lines: columns as wide as their widest cell, numbers right-aligned. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const align = (cell: string, column: number) =>
    Number.isNaN(Number(rows.at(-1)![column])) ? cell.padEnd(widths[column]) : cell.padStart(widths[column])
  return rows.map((row) => row.map(align).join('  ').trimEnd())
}

/** Adds to the engine's sentence how the command line allows overwriting; the window asks instead. */
function withFlag(message: string): string {
  return message.replace('allow overwriting', 'add --force to replace it')
}

/** Prints a failure: a sentence on stderr, and with --json an object on stdout. */
export function printFailure({ code, data, ...failure }: Failure, json: boolean): void {
  const message = code === 'EXISTS' ? withFlag(failure.message) : failure.message
  say(`slerp-studio: ${message}`)
  // A bug of our own deserves its stack; everything else, one sentence.
  if (code === 'INTERNAL' && typeof data?.['stack'] === 'string') say(data['stack'])
  if (json) process.stdout.write(`${JSON.stringify({ ok: false, error: { code, message } })}\n`)
}

/**
 * Ends a command cleanly if its output cannot be written: silently if the reader is gone, as in `… | head`,
 * otherwise with a sentence.
 */
export function outliveOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The code that a shell reports for a program killed by SIGPIPE.
    if (error.code === 'EPIPE') return void (process.exitCode = 141)
    process.exitCode = exitCodeOf({ code: 'UNWRITABLE', message: '' })
    const told = explainFileError(error, 'standard output', 'write')
    say(`slerp-studio: ${told instanceof Error ? told.message : String(told)}`)
  })
  process.stderr.on('error', () => undefined)
}
