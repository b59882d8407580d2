import { beforeEach, expect, it, vi } from 'vitest'
import { type FrameFormat, openFileSink } from '#engine/animation/exporters/fileSink'
import { targetAt } from '../../../../fixtures/exportTarget'
import { noise } from '../../../../fixtures/paint'

const disk = vi.hoisted(() => ({ bytes: 0, commits: 0 }))
/** A disk that only counts, since the largest file is larger than a test may write. */
vi.mock('#files/atomicFile', () => ({
  createAtomicFile: () => ({
    write: ({ length }: Uint8Array) => (disk.bytes += length),
    commit: () => disk.commits++,
    abort: () => undefined,
  }),
}))
beforeEach(() => Object.assign(disk, { bytes: 0, commits: 0 }))

const bytesOf = (length: number) => ({ length }) as Uint8Array
const gibibyte = 2 ** 30

/** Writes frames of these sizes between a head and a tail of 100 bytes each. */
async function write(name: string, frames: readonly number[]): Promise<void> {
  const sizes = [...frames]
  const format: FrameFormat = {
    head: bytesOf(100),
    encodeFrame: () => bytesOf(sizes.shift()!),
    encodeTail: () => bytesOf(100),
  }
  const sink = await openFileSink(targetAt(name), format)
  for (const _ of frames) await sink.add(noise(2, 2))
  await sink.finish()
}

const tooLarge = {
  code: 'BAD_INPUT',
  message:
    'Cannot write "film.webp": WebP holds 4.3 GB at most. Lower the quality or the scale, or choose .gif, .apng, .mp4 or .webm.',
}

it('ends a WebP as soon as it is too large for the size in its header (would catch INTERNAL after hours of writing)', async () => {
  await expect(write('film.webp', Array(9).fill(gibibyte))).rejects.toMatchObject(tooLarge)
  expect(disk).toEqual({ bytes: 3 * gibibyte + 100, commits: 0 })
})

it('counts the end of the file as well', async () => {
  // RFC 9649, section 2.4: a whole file has 4 GiB minus 2 bytes at most.
  const rest = 2 ** 32 - 2 - 200
  await write('film.webp', [rest])
  expect(disk).toEqual({ bytes: 2 ** 32 - 2, commits: 1 })
  await expect(write('film.webp', [rest + 2])).rejects.toMatchObject(tooLarge)
  expect(disk.commits).toBe(1)
})

it('lets other formats grow', async () => {
  await write('film.apng', Array(9).fill(gibibyte))
  expect(disk.commits).toBe(1)
})
