import { existsSync } from 'node:fs'
import { readFile, rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { z } from 'zod'
import { writeAtomicFile } from '#files/atomicFile'

/** One of the app's own small JSON documents, kept in memory and on disk. */
export interface JsonFile<T> {
  readonly value: T
  /**
   * Takes a new value at once and writes it; resolves when this value or a newer one is on disk.
   *
   * @throws StudioError UNWRITABLE with the cause; the value in memory is replaced even so
   */
  save(value: T): Promise<void>
}

/** The app's own JSON documents, in one folder. */
export class JsonFolder {
  readonly #folder: string
  readonly #writes = new Set<Promise<void>>()
  readonly #notices: string[] = []

  constructor(folder: string) {
    this.#folder = folder
  }

  /** What was wrong with existing files, one sentence for the user each. */
  get notices(): readonly string[] {
    return this.#notices
  }

  /** Adds a notice about a file that is in use although not all of it could be read. */
  note(notice: string): void {
    this.#notices.push(notice)
  }

  /**
   * Opens a document. If the file is missing, its value is `fallback`. If it cannot be read or does not fit
   * the schema, the value is `fallback` too, and the file is renamed to `….damaged`, so no user data is lost.
   *
   * @param what  the document's name in the notice, in the plural: "preferences"
   */
  async open<T>(name: string, what: string, schema: z.ZodType<T>, fallback: T): Promise<JsonFile<T>> {
    const path = join(this.#folder, name)
    let value: T = await this.#read(path, what, schema, fallback)
    let writing = Promise.resolve()
    return {
      get value() {
        return value
      },
      save: (next) => {
        value = next
        // Writes one at a time, each with the newest value: two quick saves cannot leave the older one.
        writing = writing.catch(() => undefined).then(() => writeJson(path, value))
        return this.#track(writing)
      },
    }
  }

  /** Resolves when no write is in progress. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#writes)
  }

  async #read<T>(path: string, what: string, schema: z.ZodType<T>, fallback: T): Promise<T> {
    try {
      return schema.parse(JSON.parse(await readFile(path, 'utf8')))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#notices.push(await setAside(path, what))
      return fallback
    }
  }

  #track(write: Promise<void>): Promise<void> {
    this.#writes.add(write)
    const forget = (): void => void this.#writes.delete(write)
    write.then(forget, forget)
    return write
  }
}

function writeJson(path: string, value: unknown): Promise<void> {
  return writeAtomicFile(path, Buffer.from(`${JSON.stringify(value, null, 2)}\n`), { overwrite: true })
}

/** @returns the notice */
async function setAside(path: string, what: string): Promise<string> {
  const damaged = freeName(`${path}.damaged`)
  try {
    await rename(path, damaged)
  } catch {
    return `Your ${what} could not be read: starting with fresh ones.`
  }
  return `Your ${what} could not be read and were set aside as "${basename(damaged)}": starting with fresh ones.`
}

/** Returns a path that is not taken, so that a file set aside does not replace one set aside earlier. */
export function freeName(path: string): string {
  let name = path
  for (let number = 2; existsSync(name); number++) name = `${path}-${number}`
  return name
}
