import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { StudioError } from '#shared/errors'
import { listEndings } from '#shared/exportFormats'
import { explainFileError } from '#files/fileErrors'

/** What ffmpeg says when it fails is at the end; the rest need not be kept. */
const keptOutput = 4000

/** What plays and needs no ffmpeg. */
const withoutFfmpeg = listEndings(({ plays, video }) => plays && !video)

/** A running ffmpeg that reads raw frames. */
export interface Ffmpeg {
  /** Hands over bytes; resolves when there is room for more. */
  write(bytes: Uint8Array): Promise<void>
  /** Ends the input and waits for the output to be whole. */
  finish(): Promise<void>
  /** Ends the program at once. */
  kill(): Promise<void>
}

/**
 * Whether a text is short enough to be an argument of ffmpeg, among its others: Linux takes 128 KiB in one; Windows
 * takes 32,767 characters in all of them, those that escape the quotes of JSON among them.
 */
export function fitsArgument(text: string, platform: NodeJS.Platform = process.platform): boolean {
  return Buffer.byteLength(text) <= (platform === 'win32' ? 20_000 : 100_000)
}

type Child = ChildProcessByStdio<Writable, null, Readable>

async function start(options: readonly string[], path: string): Promise<Child> {
  try {
    const child = spawn('ffmpeg', options, {
      stdio: ['pipe', 'ignore', 'pipe'],
      windowsHide: true,
      // In the terminal's process group, Ctrl-C would end it before this program has decided what to do.
      detached: process.platform !== 'win32',
    })
    await once(child, 'spawn')
    return child
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new StudioError(
      'MISSING_TOOL',
      `Cannot write "${path}": videos need the program ffmpeg, which ` +
        `${code === 'ENOENT' ? 'is not on PATH' : `did not start (${code})`}. ` +
        `Install it (https://ffmpeg.org), or choose ${withoutFfmpeg}.`,
      { path, tool: 'ffmpeg' },
    )
  }
}

/** The line of ffmpeg's output that names the cause: the last one that is not about the conversion as a whole. */
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
 * Starts the ffmpeg that is on PATH, told to print errors only: whatever it prints counts as a failure.
 *
 * @param path  what its errors name as the output
 * @throws StudioError MISSING_TOOL when there is none; later UNWRITABLE with ffmpeg's reason when it fails
 */
export async function startFfmpeg(options: readonly string[], path: string): Promise<Ffmpeg> {
  const child = await start(['-hide_banner', '-loglevel', 'error', '-xerror', ...options], path)
  let output = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-keptOutput)))
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
  // A write to a program that has ended fails with EPIPE, long after it told the reason.
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
      // A disk that fills up with the last bytes is an error that ffmpeg prints, yet it exits with 0.
      if ((await closed) !== 0 || output !== '') await fail()
    },
    async kill() {
      child.kill('SIGKILL')
      await closed
    },
  }
}
