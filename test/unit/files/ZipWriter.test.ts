import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect, it } from 'vitest'
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

it('writes equal archives of equal contents', async () => {
  const fill = (zip: ZipWriter) => zip.add('a', Buffer.from('a'), { compress: true })
  expect(await archiveOf(fill)).toEqual(await archiveOf(fill))
})

it('takes as long for each of 70,000 entries (would catch a search through all that are written)', async () => {
  const before = process.cpuUsage()
  const archive = await archiveOf(async (zip) => {
    for (let at = 0; at < 70_000; at++)
      await zip.add(`frames/${at}.png`, Buffer.from('x'), { compress: false })
  })
  const { user, system } = process.cpuUsage(before)
  // A search took a minute of computing time here, and this takes one second.
  expect((user + system) / 1e6).toBeLessThan(15)
  const { entryCount } = await fromBufferPromise(archive)
  expect(entryCount).toBe(70_000)
})

/** The writes of an archive whose large entries are all zeros and are not stored. */
class SparseArchive extends RandomAccessReader {
  readonly #pieces: { at: number; bytes: Uint8Array }[] = []
  size = 0

  add(bytes: Uint8Array): void {
    if (bytes.length < 2 ** 27) this.#pieces.push({ at: this.size, bytes })
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
  const zeros = Buffer.alloc(2 ** 28)
  for (let at = 0; at < 17; at++) await zip.add(`zeros ${at}`, zeros, { compress: false })
  await zip.add('last', Buffer.from('the last one'), { compress: false })
  expect(await zip.end()).toBe(sparse.size)

  const read = await fromRandomAccessReaderPromise(sparse, sparse.size, { autoClose: false })
  const entries: Entry[] = []
  for await (const entry of read.eachEntry()) entries.push(entry)
  expect(entries.map(({ uncompressedSize }) => uncompressedSize)).toEqual([...Array(17).fill(2 ** 28), 12])
  const last = await buffer(await read.openReadStreamPromise(entries[17]))
  expect(last.toString()).toBe('the last one')
})
