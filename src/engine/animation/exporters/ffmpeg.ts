import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { StudioError } from '#shared/errors'
import { listEndings } from '#shared/exportFormats'
import { explainFileError } from '#files/fileErrors'
import { findProgram } from '#files/findProgram'

/** Characters of output that are kept: ffmpeg reports the cause of a failure at the end. */
const keptOutput = 4000

/** The animated formats that do not need ffmpeg. */
const withoutFfmpeg = listEndings(({ plays, video }) => plays && !video)

/** A running ffmpeg process that reads raw frames. */
export interface Ffmpeg {
  /** Writes bytes; resolves when there is room for more. */
  write(bytes: Uint8Array): Promise<void>
  /** Ends the input and waits until the output is complete. */
  finish(): Promise<void>
  /** Ends the process immediately. */
  kill(): Promise<void>
}

/** Writes tags of a video as ffmpeg reads them from a file (https://ffmpeg.org/ffmpeg-formats.html#Metadata-2). */
export function describeTags(tags: Readonly<Record<string, string>>): string {
  const escaped = (text: string) => text.replace(/[=;#\\\n]/g, '\\$&')
  const lines = Object.entries(tags).map((pair) => pair.map(escaped).join('='))
  return [';FFMETADATA1', ...lines, ''].join('\n')
}

type Child = ChildProcessByStdio<Writable, null, Readable>

async function start(options: readonly string[], path: string): Promise<Child> {
  const program = findProgram('ffmpeg')
  if (program === null) throw missing(path, 'ENOENT')
  try {
    const child = spawn(program, options, {
      stdio: ['pipe', 'ignore', 'pipe'],
      windowsHide: true,
      // In the terminal's process group, Ctrl-C would kill it before this program has decided how to
      // handle it.
      detached: process.platform !== 'win32',
    })
    await once(child, 'spawn')
    return child
  } catch (error) {
    throw missing(path, (error as NodeJS.ErrnoException).code)
  }
}

function missing(path: string, code: string | undefined): StudioError {
  return new StudioError(
    'MISSING_TOOL',
    `Cannot write "${path}": videos need the program ffmpeg, which ` +
      `${code === 'ENOENT' ? 'is not on PATH' : `did not start (${code})`}. ` +
      `Install it (https://ffmpeg.org), or choose ${withoutFfmpeg}.`,
    { path, tool: 'ffmpeg' },
  )
}

/**
 * The line of ffmpeg's output that names the cause: the last one that is not about the conversion as a whole.
 */
function causeOf(output: string): string {
  const lines = output
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('Conversion failed'))
  return lines.at(-1)?.trim() ?? 'it gave no reason'
}

function failure(path: string, output: string): unknown {
  if (output.includes('No space left on device')) {
    const full = Object.assign(new Error(output), { code: 'ENOSPC', syscall: 'write' })
    return explainFileError(full, path, 'write')
  }
  if (output.includes('Unknown encoder')) {
    return new StudioError(
      'MISSING_TOOL',
      `Cannot write "${path}": this ffmpeg lacks the encoder (${causeOf(output)}). Install a full build of ffmpeg.`,
      { path, tool: 'ffmpeg' },
    )
  }
  const advice = `Check the disk and the folder, or choose ${withoutFfmpeg}.`
  return new StudioError(
    'UNWRITABLE',
    `Cannot write "${path}": ffmpeg failed: ${causeOf(output)}. ${advice}`,
    { path },
  )
}

/**
 * Starts the ffmpeg that is on PATH. It prints errors only, so any output counts as a failure.
 *
 * @param path  the output, as named in error messages
 * @throws StudioError MISSING_TOOL if there is no ffmpeg; later UNWRITABLE with ffmpeg's reason if it fails
 */
export async function startFfmpeg(options: readonly string[], path: string): Promise<Ffmpeg> {
  const child = await start(['-hide_banner', '-loglevel', 'error', '-xerror', ...options], path)
  let output = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-keptOutput)))
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
  // Writing to a process that has exited fails with EPIPE, long after the process printed the reason.
  const fail = async () => {
    await closed
    throw failure(path, output)
  }
  child.stdin.on('error', () => undefined)
  return {
    async write(bytes) {
      const failed = await new Promise((resolve) => child.stdin.write(bytes, resolve))
      if (failed) await fail()
    },
    async finish() {
      child.stdin.end()
      // If the disk fills up on the last bytes, ffmpeg prints an error but exits with 0.
      if ((await closed) !== 0 || output !== '') await fail()
    },
    async kill() {
      child.kill('SIGKILL')
      await closed
    },
  }
}
