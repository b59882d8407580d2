import { createHash, type Hash } from 'node:crypto'
import { constants, type FileHandle, open, rm } from 'node:fs/promises'
import { StudioError } from '#shared/errors'
import type { RemoteFile } from './describeSnapshot'
import { failureOfConnection, TransientError, type Asked } from './hubFailure'
import { get, type Answer, type Hub } from './hubRequest'
import { retry, type RetryPolicy } from './retry'

/** The download of one file into the cache. */
export interface BlobTransfer {
  readonly hub: Hub
  /** `revision` is the commit. */
  readonly asked: Asked
  readonly file: RemoteFile
  /** Path of the file below the endpoint; by default, the path that hubs use. */
  readonly address?: string
  /** Where bytes are kept until the file is complete and verified. An earlier run's part is resumed. */
  readonly partPath: string
  readonly retryPolicy: RetryPolicy
  /** Called for each block with its length in bytes and the position in the file where it ends. */
  onBlock(bytes: number, position: number): void
  /** Called before each wait for the network, in seconds. */
  onWait(seconds: number, cause: string): void
}

/**
 * Downloads one file, resuming a partial one, and retries after broken connections and stalls. Bytes are
 * hashed and written as they arrive, so killing the process loses at most the block in flight.
 *
 * @throws StudioError DOWNLOAD_FAILED when the retries are exhausted, or when the bytes are not those the hub
 *   announced, in which case none are kept; disk errors
 */
export async function fetchBlob(transfer: BlobTransfer): Promise<void> {
  const { file, partPath } = transfer
  const handle = await open(partPath, constants.O_RDWR | constants.O_CREAT)
  try {
    const kept = await keepBeginning(handle, file)
    let digest = await fetchFrom(handle, transfer, kept.length, kept.hash)
    if (digest !== file.hash && kept.length > 0) {
      // The earlier part was damaged, or another program wrote to it: retry once from the start.
      await handle.truncate(0)
      digest = await fetchFrom(handle, transfer, 0, newHash(file))
    }
    if (digest !== file.hash) throw wrongBytes(transfer, digest)
    await handle.sync()
  } catch (error) {
    if (error instanceof WrongContentError) await rm(partPath, { force: true })
    throw error
  } finally {
    await handle.close()
  }
}

class WrongContentError extends StudioError {}

function wrongBytes({ file, hub }: BlobTransfer, digest: string): WrongContentError {
  return new WrongContentError(
    'DOWNLOAD_FAILED',
    `"${file.path}" did not arrive as ${new URL(hub.endpoint).host} announced it: its hash is ${digest.slice(0, 12)}… and should be ${file.hash.slice(0, 12)}…. Nothing of it was kept. Try again; if it happens again, something between here and the hub changes files.`,
  )
}

/** Hashes what an earlier run left, and discards it if it is longer than the file. */
async function keepBeginning(handle: FileHandle, file: RemoteFile): Promise<{ length: number; hash: Hash }> {
  const { size } = await handle.stat()
  const length = size <= file.size ? size : 0
  if (length < size) await handle.truncate(length)
  const hash = newHash(file)
  await hashBeginning(handle, hash, length)
  return { length, hash }
}

/** Returns a hasher for SHA-256 of the contents or for git's SHA-1, by the length of the expected hash. */
function newHash({ hash, size }: RemoteFile): Hash {
  return hash.length === 64 ? createHash('sha256') : createHash('sha1').update(`blob ${size}\0`)
}

const pieceBytes = 2 ** 22

async function hashBeginning(handle: FileHandle, hash: Hash, length: number): Promise<void> {
  const piece = Buffer.alloc(Math.min(pieceBytes, length))
  for (let position = 0; position < length;) {
    const { bytesRead } = await handle.read(piece, 0, Math.min(piece.length, length - position), position)
    hash.update(piece.subarray(0, bytesRead))
    position += bytesRead
  }
}

/** @returns the hash of the whole file, hex */
async function fetchFrom(
  handle: FileHandle,
  transfer: BlobTransfer,
  start: number,
  hash: Hash,
): Promise<string> {
  const { hub, asked, file, retryPolicy, onWait, onBlock } = transfer
  const hubPath = `/${asked.repository}/resolve/${asked.revision}/${file.path.split('/').map(encodeURIComponent).join('/')}`
  const { address = hubPath } = transfer
  let position = start
  let positionBefore = start
  const hasProgressed = (): boolean => {
    const gained = position > positionBefore
    positionBefore = position
    return gained
  }
  await retry(
    async () => {
      if (position === file.size) return
      const answer = await get(hub, address, asked, position)
      requireSameFile(answer, transfer)
      for await (const block of blocksFrom(answer, position, transfer)) {
        if (position + block.length > file.size) throw tooLong(transfer)
        await writeAll(handle, block, position)
        hash.update(block)
        position += block.length
        onBlock(block.length, position)
      }
      if (position < file.size) throw failureOfConnection(endedEarly, new URL(hub.endpoint))
    },
    { retryPolicy, onWait, hasProgressed, finalHint: 'What has arrived is kept.' },
  )
  return hash.digest('hex')
}

const endedEarly = Object.assign(new Error('The answer ended early.'), { code: 'ended early' })

async function writeAll(handle: FileHandle, block: Buffer, position: number): Promise<void> {
  // A single write may be partial, for example on a disk that is almost full.
  for (let done = 0; done < block.length;) {
    done += (await handle.write(block, done, block.length - done, position + done)).bytesWritten
  }
}

/** Yields the bytes of a response from a position on; a server without range support starts again at 0. */
async function* blocksFrom(answer: Answer, position: number, { hub }: BlobTransfer): AsyncGenerator<Buffer> {
  const begin = answer.status === 206 ? rangeStart(answer) : 0
  if (begin > position) throw new TransientError(oddRange(hub))
  let toSkip = position - begin
  try {
    for await (const block of answer.body as AsyncIterable<Buffer>) {
      if (toSkip < block.length) yield block.subarray(toSkip)
      toSkip = Math.max(0, toSkip - block.length)
    }
  } catch (error) {
    throw failureOfConnection(error, new URL(hub.endpoint))
  }
}

function rangeStart(answer: Answer): number {
  return Number(/^bytes (\d+)-/.exec(answer.header('content-range') ?? '')?.[1] ?? Infinity)
}

function oddRange({ endpoint }: Hub): StudioError {
  return new StudioError(
    'DOWNLOAD_FAILED',
    `${new URL(endpoint).host} does not send the part of the file that was asked for: try again later.`,
  )
}

/**
 * Refuses a different file under the same commit, by the size and hash that the hub repeats when it sends the file.
 */
function requireSameFile(answer: Answer, transfer: BlobTransfer): void {
  const { file, hub } = transfer
  const told = answer.hubHeader('x-linked-etag')?.replace(/^(W\/)?"|"$/g, '')
  const size = answer.hubHeader('x-linked-size')
  if ((told === undefined || told === file.hash) && (size === null || Number(size) === file.size)) return
  answer.body.destroy()
  throw new StudioError(
    'DOWNLOAD_FAILED',
    `${new URL(hub.endpoint).host} sends another "${file.path}" than it announced. Try again later.`,
  )
}

function tooLong({ file, hub }: BlobTransfer): StudioError {
  return new WrongContentError(
    'DOWNLOAD_FAILED',
    `${new URL(hub.endpoint).host} sends more than the ${file.size} bytes that "${file.path}" should have. Nothing of it was kept. Try again later.`,
  )
}
