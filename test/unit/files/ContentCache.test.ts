import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ContentCache } from '#files/ContentCache'

let folder: string
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'content-cache-')), 'results')
})
afterEach(() => rm(join(folder, '..'), { recursive: true }))

const bytesOf = (text: string) => Buffer.from(text)

/** Paths of all entries. */
async function entries(): Promise<string[]> {
  const names = await readdir(folder, { recursive: true })
  return names.filter((name) => /[0-9a-f]{64}$/.test(name)).map((name) => join(folder, name))
}

it('returns a stored entry, to another instance too, and null for an unknown key', async () => {
  await new ContentCache(folder).write('a', bytesOf('apple'))
  expect(await new ContentCache(folder).read('a')).toEqual(bytesOf('apple'))
  expect(await new ContentCache(folder).read('b')).toBeNull()
})

it('rejects an entry with a flipped bit in any byte, or truncated at any length', async () => {
  const cache = new ContentCache(folder)
  await cache.write('a', bytesOf('apple'))
  const [path] = await entries()
  const whole = await readFile(path)
  for (let at = 0; at < whole.length; at++) {
    const damaged = Buffer.from(whole)
    damaged[at] ^= 1
    await writeFile(path, damaged)
    expect(await cache.read('a')).toBeNull()
  }
  for (let length = 0; length < whole.length; length++) {
    await writeFile(path, whole.subarray(0, length))
    expect(await cache.read('a')).toBeNull()
  }
})

it('rejects an entry copied from another key (would catch a checksum of the bytes alone)', async () => {
  const cache = new ContentCache(folder)
  await cache.write('a', bytesOf('apple'))
  const [apple] = await entries()
  await cache.write('b', bytesOf('tomato'))
  const tomato = (await entries()).find((path) => path !== apple)!
  await writeFile(tomato, await readFile(apple))
  expect(await cache.read('b')).toBeNull()
})

it('removes the least recently used entries first', async () => {
  const cache = new ContentCache(folder)
  for (let i = 0; i < 30; i++) {
    await cache.write(`${i}`, Buffer.alloc(1000, i))
    // Written in the same millisecond, they would have the same age.
    for (const path of await entries()) {
      if ((await readFile(path))[32] === i) await utimes(path, 1000 + i, 1000 + i)
    }
  }
  await cache.read('0')
  await cache.setLimit(25_000)
  const { bytes } = await cache.usage()
  expect(bytes).toBeLessThanOrEqual(25_000)
  expect(bytes).toBeGreaterThan(20_000)
  expect(await cache.read('0')).not.toBeNull()
  expect(await cache.read('1')).toBeNull()
  expect(await cache.read('29')).not.toBeNull()
})

it('stays close to its limit while several instances write', async () => {
  await new ContentCache(folder).setLimit(100_000)
  const writers = Array.from({ length: 3 }, () => new ContentCache(folder))
  await Promise.all(
    writers.map(async (writer, w) => {
      for (let i = 0; i < 100; i++) await writer.write(`${w} ${i}`, Buffer.alloc(2000, i))
    }),
  )
  // Each may have written its share, a twentieth, before it checked again.
  expect((await writers[0].usage()).bytes).toBeLessThan(100_000 * (1 + 3 * 0.05) + 3 * 2032)
})

it('keeps nothing at a limit of 0, and has a limit of 4 GB by default', async () => {
  const cache = new ContentCache(folder)
  expect((await cache.usage()).limitBytes).toBe(4e9)
  await cache.write('a', bytesOf('apple'))
  await cache.setLimit(0)
  expect(await cache.usage()).toMatchObject({ entries: 0, bytes: 0, limitBytes: 0 })
  await cache.write('a', bytesOf('apple'))
  expect(await new ContentCache(folder).read('a')).toBeNull()
})

it('deletes only its own entries when cleared', async () => {
  const cache = new ContentCache(folder)
  await cache.write('a', bytesOf('apple'))
  await writeFile(join(folder, 'letter.txt'), 'mine')
  await cache.clear()
  expect((await cache.usage()).entries).toBe(0)
  expect(await readFile(join(folder, 'letter.txt'), 'utf8')).toBe('mine')
})

it('stores nothing, but does not fail, when its folder cannot be written', async () => {
  await writeFile(join(folder, '..', 'file'), '')
  const cache = new ContentCache(join(folder, '..', 'file', 'results'))
  await cache.write('a', bytesOf('apple'))
  expect(await cache.read('a')).toBeNull()
  expect((await cache.usage()).entries).toBe(0)
})
