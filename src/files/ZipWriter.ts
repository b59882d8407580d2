import { promisify } from 'node:util'
import { crc32, deflateRaw } from 'node:zlib'

/** How many bytes of small entries are written at once. */
const pieceBytes = 2 ** 20
/** The largest values of fields; a larger one stands in a zip64 field. */
const most16 = 0xffff
const most32 = 0xffffffff
/** The versions of the format that a reader must know. */
const version = { plain: 20, zip64: 45 } as const
/** Names are in UTF-8. */
const flags = 0x800
const methods = { stored: 0, deflated: 8 } as const
/** 1 January 1980, the first date that zip knows: the same for all entries, so that equal contents are equal files. */
const firstDate = 0x21
/** An ordinary file that its owner may write, as Unix puts it. */
const mode = 0o100644

/**
 * Writes a zip archive entry by entry. It keeps only the directory in memory, and takes as long for the last
 * entry as for the first. See APPNOTE.TXT 6.3, sections 4.3 and 4.5.3.
 */
export class ZipWriter {
  readonly #directory: Buffer[] = []
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  /** Bytes of the archive so far, those that wait included. */
  #size = 0

  /** @param write  appends to the archive */
  constructor(private readonly write: (bytes: Uint8Array) => Promise<void>) {}

  /**
   * Adds an entry. Its bytes must not change before {@link end} is done.
   *
   * @param name  relative, with slashes; no other entry has it
   * @param bytes  less than 4 GiB
   */
  async add(name: string, bytes: Uint8Array, options: { readonly compress: boolean }): Promise<void> {
    const data = options.compress ? await promisify(deflateRaw)(bytes) : bytes
    const fields = commonFields(name, bytes, data, options)
    this.#directory.push(directoryRecord(name, fields, this.#size))
    await this.#append(localHeader(name, fields))
    await this.#append(data)
  }

  /**
   * Completes the archive.
   *
   * @returns its size in bytes
   */
  async end(): Promise<number> {
    const start = this.#size
    for (const record of this.#directory) await this.#append(record)
    await this.#append(endRecords(this.#directory.length, start, this.#size - start))
    await this.#flush()
    return this.#size
  }

  async #append(bytes: Uint8Array): Promise<void> {
    this.#size += bytes.length
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.length
    if (this.#waitingBytes >= pieceBytes) await this.#flush()
  }

  async #flush(): Promise<void> {
    const pieces = this.#waiting
    this.#waiting = []
    this.#waitingBytes = 0
    // Joining costs nothing beside a write of each; a large entry is not copied.
    const last = pieces.at(-1)
    if (last && last.length >= pieceBytes) {
      await this.write(Buffer.concat(pieces.slice(0, -1)))
      await this.write(last)
    } else await this.write(Buffer.concat(pieces))
  }
}

/** Returns the fields that an entry has both before its data and in the directory. */
function commonFields(
  name: string,
  bytes: Uint8Array,
  data: Uint8Array,
  { compress }: { readonly compress: boolean },
): Buffer {
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(version.plain, 0)
  fields.writeUInt16LE(flags, 2)
  fields.writeUInt16LE(compress ? methods.deflated : methods.stored, 4)
  fields.writeUInt16LE(firstDate, 8)
  fields.writeUInt32LE(crc32(bytes), 10)
  fields.writeUInt32LE(data.length, 14)
  fields.writeUInt32LE(bytes.length, 18)
  fields.writeUInt16LE(Buffer.byteLength(name), 22)
  return fields
}

function localHeader(name: string, fields: Buffer): Buffer {
  return Buffer.concat([signature('\x03\x04'), fields, Buffer.from(name)])
}

/** @param at  where the entry begins */
function directoryRecord(name: string, fields: Buffer, at: number): Buffer {
  const extra = at < most32 ? Buffer.alloc(0) : zip64Offset(at)
  const madeBy = Buffer.from([version.zip64, 3])
  const common = Buffer.from(fields)
  if (extra.length > 0) common.writeUInt16LE(version.zip64, 0)
  common.writeUInt16LE(extra.length, 24)
  const rest = Buffer.alloc(14)
  rest.writeUInt32LE(mode * 2 ** 16, 6)
  rest.writeUInt32LE(Math.min(at, most32), 10)
  return Buffer.concat([signature('\x01\x02'), madeBy, common, rest, Buffer.from(name), extra])
}

/** The extra field for an entry beyond 4 GiB. */
function zip64Offset(at: number): Buffer {
  const extra = Buffer.alloc(12)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(8, 2)
  extra.writeBigUInt64LE(BigInt(at), 4)
  return extra
}

/** Returns what follows the directory: where it is, and how many entries it has. */
function endRecords(entries: number, start: number, bytes: number): Buffer {
  const end = Buffer.alloc(18)
  end.writeUInt16LE(Math.min(entries, most16), 4)
  end.writeUInt16LE(Math.min(entries, most16), 6)
  end.writeUInt32LE(Math.min(bytes, most32), 8)
  end.writeUInt32LE(Math.min(start, most32), 12)
  const plain = [signature('\x05\x06'), end]
  if (entries < most16 && start < most32 && bytes < most32) return Buffer.concat(plain)
  return Buffer.concat([zip64End(entries, start, bytes), ...plain])
}

function zip64End(entries: number, start: number, bytes: number): Buffer {
  const end = Buffer.alloc(52)
  // The size of the rest of this record.
  end.writeBigUInt64LE(44n, 0)
  end.writeUInt16LE(version.zip64, 8)
  end.writeUInt16LE(version.zip64, 10)
  for (const [field, value] of [entries, entries, bytes, start].entries()) {
    end.writeBigUInt64LE(BigInt(value), 20 + 8 * field)
  }
  const locator = Buffer.alloc(16)
  locator.writeBigUInt64LE(BigInt(start + bytes), 4)
  locator.writeUInt32LE(1, 12)
  return Buffer.concat([signature('\x06\x06'), end, signature('\x06\x07'), locator])
}

/** @param kind  the two bytes that tell records apart */
function signature(kind: string): Buffer {
  return Buffer.from(`PK${kind}`, 'latin1')
}
