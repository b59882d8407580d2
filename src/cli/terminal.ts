import { formatEstimate } from '#core/format/quantities'
import { explainFileError } from '#files/fileErrors'
import type { Failure } from '#shared/errors'
import { countOf, overallOf, type Progress } from '#shared/progress'

const phaseVerbs = {
  load: 'Loading',
  encode: 'Encoding',
  decode: 'Decoding',
  measure: 'Measuring',
  write: 'Writing',
  download: 'Downloading',
} as const

/** Draws progress on one line of a terminal: the bar is of the whole command, and so is the time left. */
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

/** Where nobody watches, one line for each file that was written says how far a job is. */
function showItem({ item, done, total }: Progress): void {
  if (item !== undefined) process.stderr.write(`${item} written, ${done} of ${total}\n`)
}

/** Ends the progress line, so that what follows begins on one of its own. */
export function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K')
}

/** A line for people that is no result: it goes to stderr, so that stdout stays one JSON object with --json. */
export function say(line: string): void {
  clearProgress()
  process.stderr.write(`${line}\n`)
}

/** The result: one JSON object with --json, lines for people without. */
export function printResult(json: boolean, result: object, lines: readonly string[]): void {
  clearProgress()
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${lines.join('\n')}\n`)
}

/** Rows of cells as lines: columns as wide as their widest cell, numbers to the right. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const align = (cell: string, column: number) =>
    Number.isNaN(Number(rows.at(-1)![column])) ? cell.padEnd(widths[column]) : cell.padStart(widths[column])
  return rows.map((row) => row.map(align).join('  ').trimEnd())
}

/** What went wrong: a sentence on stderr, and with --json one object on stdout. */
export function printFailure({ code, message, data }: Failure, json: boolean): void {
  say(`slerp-studio: ${message}`)
  // A bug of ours is worth its stack; everything else is worth one sentence.
  if (code === 'INTERNAL' && typeof data?.['stack'] === 'string') say(data['stack'])
  if (json) process.stdout.write(`${JSON.stringify({ ok: false, error: { code, message } })}\n`)
}

/**
 * Lets a command end well when its output cannot be written: without a word when the reader has gone, as in `… | head`,
 * and with a sentence otherwise.
 */
export function outliveOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // What a shell reports of a program that SIGPIPE has ended.
    if (error.code === 'EPIPE') return void (process.exitCode = 141)
    process.exitCode = 1
    const told = explainFileError(error, 'standard output', 'write')
    say(`slerp-studio: ${told instanceof Error ? told.message : String(told)}`)
  })
  process.stderr.on('error', () => undefined)
}
