import { pipeline } from 'node:stream/promises'
import ZipStream from 'zip-stream'

/** The most bytes that wait to be written, besides those of one entry. */
const waitingBytes = 2 ** 16
/**
 * The attributes of every entry: the first date that zip knows, and an ordinary file. They are fixed so that equal
 * contents give equal files.
 */
const attributes = { date: new Date('1980-01-01T00:00:00Z'), mode: 0o100644 }

/**
 * Writes a zip archive entry by entry. It keeps only the directory in memory, and takes as long for the last
 * entry as for the first.
 */
export class ZipWriter {
  readonly #zip = new ZipStream({ highWaterMark: waitingBytes, zlib: { level: 6 } })
  readonly #written: Promise<void>
  #size = 0

  /** @param write  appends to the archive; if it fails, so does the next call, with its error */
  constructor(write: (bytes: Uint8Array) => Promise<void>) {
    this.#written = pipeline(this.#zip, async (pieces: AsyncIterable<Uint8Array>) => {
      for await (const piece of pieces) {
        await write(piece)
        this.#size += piece.length
      }
    })
    this.#written.catch(() => undefined)
  }

  /**
   * Adds an entry. Its bytes must not change before {@link end} is done.
   *
   * @param name  relative, with slashes; no other entry has it
   * @param bytes  less than 4 GiB
   */
  async add(name: string, bytes: Uint8Array, options: { readonly compress: boolean }): Promise<void> {
    if (this.#zip.destroyed) await this.#written
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const entry = { ...attributes, name, store: !options.compress }
    await this.#unlessClosed((done) => this.#zip.entry(buffer, entry, done))
    if (this.#zip.writableNeedDrain) await this.#unlessClosed((done) => this.#zip.once('drain', done))
  }

  /**
   * Completes the archive.
   *
   * @returns its size in bytes
   */
  async end(): Promise<number> {
    this.#zip.finalize()
    await this.#written
    return this.#size
  }

  /** Waits for what is begun, or until the stream closes, as it does after a failed write. */
  #unlessClosed(begin: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#zip.once('close', resolve)
      begin((error) => {
        this.#zip.off('close', resolve)
        if (error) reject(error)
        else resolve()
      })
    })
  }
}
