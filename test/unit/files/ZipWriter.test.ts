import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import {
  type Entry,
  fromBufferPromise,
  fromRandomAccessReaderPromise,
  RandomAccessReader,
  type ZipFile,
} from 'yauzl'
import { ZipWriter } from '#files/ZipWriter'

/** Writes an archive in memory. */
async function archiveOf(fill: (zip: ZipWriter) => Promise<void>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  const zip = new ZipWriter(async (bytes) => void pieces.push(bytes))
  await fill(zip)
  const size = await zip.end()
  const archive = Buffer.concat(pieces)
  expect(size).toBe(archive.length)
  return archive
}

async function entriesOf(zip: ZipFile): Promise<[name: string, bytes: Buffer][]> {
  const entries: [string, Buffer][] = []
  for await (const entry of zip.eachEntry()) {
    entries.push([entry.fileName, await buffer(await zip.openReadStreamPromise(entry))])
  }
  return entries
}

it('writes what another program reads, compressed or not, in order', async () => {
  const text = Buffer.from('la '.repeat(10_000))
  const large = Buffer.alloc(3 * 2 ** 20, 'large')
  const archive = await archiveOf(async (zip) => {
    await zip.add('latents/ä.bin', Buffer.from([1, 2, 3]), { compress: false })
    await zip.add('document.json', text, { compress: true })
    await zip.add('empty', Buffer.alloc(0), { compress: false })
    await zip.add('large', large, { compress: false })
  })
  expect(archive.length).toBeLessThan(large.length + 2000)
  const entries = await entriesOf(await fromBufferPromise(archive))
  expect(entries.map(([name]) => name)).toEqual(['latents/ä.bin', 'document.json', 'empty', 'large'])
  const wanted = [Buffer.from([1, 2, 3]), text, Buffer.alloc(0), large]
  expect(entries.map(([, bytes], at) => bytes.equals(wanted[at]))).toEqual([true, true, true, true])
})

it('writes equal archives of equal contents, whenever (would catch the current time in an entry)', async () => {
  const fill = async (zip: ZipWriter) => {
    await zip.add('a', Buffer.from('a'), { compress: true })
    await zip.add('b', Buffer.from('b'), { compress: false })
  }
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-01T00:00:00Z') })
  const before = await archiveOf(fill)
  vi.setSystemTime(new Date('2027-08-09T10:11:12Z'))
  expect(await archiveOf(fill)).toEqual(before)
  vi.useRealTimers()
})

it('takes no more entries than are written (would catch a save that gathers all in memory)', async () => {
  const entry = Buffer.alloc(2 ** 20, 'frame')
  let [added, written, most] = [0, 0, 0]
  const zip = new ZipWriter(async (bytes) => {
    await setTimeout(1)
    written += bytes.length
  })
  for (let at = 0; at < 50; at++) {
    await zip.add(`frame ${at}`, entry, { compress: false })
    added += entry.length
    most = Math.max(most, added - written)
  }
  expect(await zip.end()).toBe(written)
  expect(most).toBeLessThan(4 * entry.length)
})

it.each([true, false])(
  'fails as its write does, compressed: %s (would catch a save that waits for ever on a full disk)',
  async (compress) => {
    const full = new Error('no space')
    const zip = new ZipWriter(async () => {
      await setTimeout(1)
      throw full
    })
    const fill = async () => {
      for (let at = 0; at < 100; at++) await zip.add(`${at}`, randomBytes(2 ** 18), { compress })
    }
    await expect(fill()).rejects.toBe(full)
    await expect(zip.end()).rejects.toBe(full)
  },
)

it('passes the failure of the last write on', async () => {
  const full = new Error('no space')
  const zip = new ZipWriter(() => Promise.reject(full))
  await zip.add('a', Buffer.from('a'), { compress: false })
  await expect(zip.end()).rejects.toBe(full)
})

it('takes as long for each of 70,000 entries (would catch a search through all that are written)', async () => {
  const before = process.cpuUsage()
  const archive = await archiveOf(async (zip) => {
    for (let at = 0; at < 70_000; at++)
      await zip.add(`frames/${at}.png`, Buffer.from('x'), { compress: false })
  })
  const { user, system } = process.cpuUsage(before)
  // A search took a minute of computing time here, and this takes three seconds.
  expect((user + system) / 1e6).toBeLessThan(15)
  const { entryCount } = await fromBufferPromise(archive)
  expect(entryCount).toBe(70_000)
})

const zeros = Buffer.alloc(2 ** 20)

/** An archive of which only the blocks are kept that are not all zeros. */
class SparseArchive extends RandomAccessReader {
  readonly #pieces: { at: number; bytes: Buffer }[] = []
  size = 0

  add(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += zeros.length) {
      const block = bytes.subarray(at, at + zeros.length)
      if (zeros.compare(block, 0, block.length, 0, block.length) !== 0)
        this.#pieces.push({ at: this.size + at, bytes: Buffer.from(block) })
    }
    this.size += bytes.length
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const range = Buffer.alloc(end - start)
    for (const { at, bytes } of this.#pieces) {
      const [from, to] = [Math.max(start, at), Math.min(end, at + bytes.length)]
      if (from < to) range.set(bytes.subarray(from - at, to - at), from - start)
    }
    return Readable.from([range])
  }
}

it('finds entries beyond 4 GiB again', async () => {
  const sparse = new SparseArchive()
  const zip = new ZipWriter(async (bytes) => sparse.add(bytes))
  const large = Buffer.alloc(2 ** 28)
  for (let at = 0; at < 17; at++) await zip.add(`zeros ${at}`, large, { compress: false })
  await zip.add('last', Buffer.from('the last one'), { compress: false })
  expect(await zip.end()).toBe(sparse.size)

  const read = await fromRandomAccessReaderPromise(sparse, sparse.size, { autoClose: false })
  const entries: Entry[] = []
  for await (const entry of read.eachEntry()) entries.push(entry)
  expect(entries.map(({ uncompressedSize }) => uncompressedSize)).toEqual([...Array(17).fill(2 ** 28), 12])
  const last = await buffer(await read.openReadStreamPromise(entries[17]))
  expect(last.toString()).toBe('the last one')
})
