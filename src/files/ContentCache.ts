import { createHash } from 'node:crypto'
import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { CacheUsage } from '#shared/reports'
import { writeAtomicFile } from './atomicFile'
import { makeFolder } from './makeFolder'
import { sha256Of } from './sha256'
import { removeAbandonedSiblings } from './temporarySibling'

/** A store of computed results. The key describes the computation. */
export interface ResultStore {
  /** Returns the bytes stored under a key; null if there are none. */
  read(key: string): Promise<Buffer | null>
  /** Stores bytes under a key, if possible. */
  write(key: string, bytes: Uint8Array): Promise<void>
}

interface Entry {
  readonly path: string
  readonly size: number
  readonly used: number
}

/** Length of the prefix of an entry: the SHA-256 of its key and bytes. */
const digestBytes = 32
const limitName = 'limit.json'
const defaultLimit = 4 * 10 ** 9
const shardName = /^[0-9a-f]{2}$/
const entryName = /^[0-9a-f]{64}$/
/** Eviction stops at this share of the limit, so that not every write has to scan the folder. */
const keptShare = 0.9
/** The folder is scanned again after this share of its limit has been written. */
const lookShare = 0.05

/**
 * A disk cache of computed results, which any number of processes may share. The least recently used entries
 * are evicted first. An entry is either complete or absent, and a damaged one counts as absent, so the cache
 * can only cost time: a read-only folder or a full disk is no reason to fail.
 */
export class ContentCache implements ResultStore {
  /** Bytes written since the folder was last scanned. */
  #unseenBytes = Infinity

  /** @param folder  created when something is first stored; nothing else may be in it */
  constructor(readonly folder: string) {}

  /** Returns the bytes stored under a key; null if there are none, or if they are not what was written. */
  async read(key: string): Promise<Buffer | null> {
    const path = this.#pathOf(key)
    const contents = await readFile(path).catch(() => null)
    if (contents === null) return null
    const bytes = contents.subarray(digestBytes)
    if (!digestOf(key, bytes).equals(contents.subarray(0, digestBytes))) return null
    const now = new Date()
    await utimes(path, now, now).catch(() => undefined)
    return bytes
  }

  /** Stores bytes under a key, if possible. */
  async write(key: string, bytes: Uint8Array): Promise<void> {
    const limit = await this.#limit()
    if (bytes.length + digestBytes > limit * lookShare) return
    const path = this.#pathOf(key)
    const contents = Buffer.concat([digestOf(key, bytes), bytes])
    try {
      await makeFolder(dirname(path))
      await writeAtomicFile(path, contents, { overwrite: true })
      this.#unseenBytes += contents.length
      if (this.#unseenBytes > limit * lookShare) await this.#makeRoom(limit)
    } catch {
      // Nothing is lost but time.
    }
  }

  /** Returns the current size of the folder. */
  async usage(): Promise<CacheUsage> {
    const [entries, limitBytes] = await Promise.all([this.#entries(), this.#limit()])
    const bytes = entries.reduce((sum, { size }) => sum + size, 0)
    return { folder: this.folder, bytes, entries: entries.length, limitBytes }
  }

  /**
   * Sets the size limit of the folder for every process that uses it, and evicts what exceeds it.
   *
   * @param bytes  0 disables the cache
   * @throws StudioError UNWRITABLE
   */
  async setLimit(bytes: number): Promise<void> {
    await makeFolder(this.folder, 0o700)
    const json = Buffer.from(JSON.stringify({ limitBytes: bytes }))
    await writeAtomicFile(join(this.folder, limitName), json, { overwrite: true })
    await this.#makeRoom(bytes)
  }

  /** Removes every entry. */
  async clear(): Promise<void> {
    for (const { path } of await this.#entries()) await rm(path, { force: true }).catch(() => undefined)
  }

  #pathOf(key: string): string {
    const name = sha256Of(key)
    return join(this.folder, name.slice(0, 2), name)
  }

  async #limit(): Promise<number> {
    try {
      const { limitBytes } = JSON.parse(await readFile(join(this.folder, limitName), 'utf8')) as {
        limitBytes?: unknown
      }
      return typeof limitBytes === 'number' && limitBytes >= 0 ? limitBytes : defaultLimit
    } catch {
      return defaultLimit
    }
  }

  async #makeRoom(limit: number): Promise<void> {
    this.#unseenBytes = 0
    const entries = await this.#entries()
    const shards = new Set(entries.map(({ path }) => dirname(path)))
    for (const shard of shards) await removeAbandonedSiblings(join(shard, 'any'))
    if (entries.reduce((sum, { size }) => sum + size, 0) <= limit) return
    let left = limit * keptShare
    for (const { path, size } of entries.sort((a, b) => b.used - a.used)) {
      left -= size
      if (left < 0) await rm(path, { force: true }).catch(() => undefined)
    }
  }

  /** Returns all entries, except any that another process removes meanwhile. */
  async #entries(): Promise<Entry[]> {
    const shards = (await readdir(this.folder).catch(() => [])).filter((name) => shardName.test(name))
    const entries: Entry[] = []
    for (const shard of shards) {
      const names = await readdir(join(this.folder, shard)).catch(() => [])
      const paths = names.filter((name) => entryName.test(name)).map((name) => join(this.folder, shard, name))
      const found = await Promise.all(paths.map((path) => stat(path).catch(() => null)))
      for (const [i, stats] of found.entries()) {
        if (stats) entries.push({ path: paths[i], size: stats.size, used: stats.mtimeMs })
      }
    }
    return entries
  }
}

function digestOf(key: string, bytes: Uint8Array): Buffer {
  return createHash('sha256').update(key).update('\0').update(bytes).digest()
}
