import { randomUUID } from 'node:crypto'
import { StudioError } from '#shared/errors'
import { createAtomicFile, type AtomicFile } from '#files/atomicFile'

interface Output {
  readonly path: string
  readonly file: AtomicFile
  /** Length so far: the highest position written. */
  bytes: number
  broken: boolean
  /** Whether it is being given its name or deleted, and takes no further pieces. */
  closing: boolean
  /** Settles once all writes so far are done. */
  writing: Promise<void>
}

/** Files that the window writes piece by piece. Each appears under its name complete, or not at all. */
export class OutputFiles {
  readonly #outputs = new Map<string, Output>()

  /** Whether a file is being written or given its name. */
  get isWriting(): boolean {
    return this.#outputs.size > 0
  }

  /**
   * Creates a file and returns the id to write to it.
   *
   * @throws StudioError EXISTS if something is there and `overwrite` is false; UNWRITABLE with the cause
   */
  async open(path: string, overwrite: boolean): Promise<string> {
    const file = await createAtomicFile(path, { overwrite })
    const id = randomUUID()
    const writing = Promise.resolve()
    this.#outputs.set(id, { path, file, bytes: 0, broken: false, closing: false, writing })
    return id
  }

  /** Writes a piece at `position`. After a failure the file can only be aborted. */
  async write(id: string, position: number, bytes: Uint8Array): Promise<void> {
    const output = this.#require(id)
    output.writing = output.writing
      .then(() => output.file.write(bytes, position))
      .catch((error: unknown) => {
        output.broken = true
        throw error
      })
    await output.writing
    output.bytes = Math.max(output.bytes, position + bytes.length)
  }

  /** Gives the file its name, or with `keep` false deletes what was written. Returns its length. */
  async close(id: string, keep: boolean): Promise<number> {
    const output = this.#require(id)
    output.closing = true
    try {
      await output.writing.catch(() => undefined)
      if (keep) await this.#commit(output)
    } finally {
      await output.file.abort().finally(() => this.#outputs.delete(id))
    }
    return output.bytes
  }

  /** Aborts every unfinished file, because the window is gone. */
  async abortAll(): Promise<void> {
    await Promise.allSettled([...this.#outputs.keys()].map((id) => this.close(id, false)))
  }

  async #commit({ path, file, broken }: Output): Promise<void> {
    if (!broken) return file.commit()
    throw new StudioError(
      'UNWRITABLE',
      `"${path}" was not kept, because a part of it could not be written.`,
      {
        path,
      },
    )
  }

  #require(id: string): Output {
    const output = this.#outputs.get(id)
    if (output && !output.closing) return output
    throw new StudioError('BAD_INPUT', 'This output file is closed already: begin a new one.')
  }
}
