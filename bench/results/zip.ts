import { inflateRawSync } from 'node:zlib'

/** One file of an archive. */
export interface ZipEntry {
  readonly name: string
  read(): Uint8Array
}

const endSignature = 0x06054b50
const entrySignature = 0x02014b50
const [stored, deflated] = [0, 8]

/** The files of a plain zip archive: no encryption, no ZIP64, which archives of pictures do without. */
export function readZip(bytes: Buffer): ZipEntry[] {
  const end = bytes.lastIndexOf(Buffer.from(Uint32Array.of(endSignature).buffer))
  if (end < 0) throw new Error('This is no zip archive.')
  const entries: ZipEntry[] = []
  let at = bytes.readUInt32LE(end + 16)
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (bytes.readUInt32LE(at) !== entrySignature) throw new Error('This zip archive is damaged.')
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      bytes.readUInt16LE(at + offset),
    )
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength)
    const header = at
    if (!name.endsWith('/')) entries.push({ name, read: () => readEntry(bytes, header) })
    at += 46 + nameLength + extraLength + commentLength
  }
  return entries
}

/** @param header  where the central directory tells of the entry */
function readEntry(bytes: Buffer, header: number): Uint8Array {
  const method = bytes.readUInt16LE(header + 10)
  const size = bytes.readUInt32LE(header + 20)
  const local = bytes.readUInt32LE(header + 42)
  // The local header has lengths of its own, which need not be those of the directory.
  const begin = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
  const data = bytes.subarray(begin, begin + size)
  if (method === deflated) return inflateRawSync(data)
  if (method === stored) return data
  throw new Error(`Zip method ${method} is not supported.`)
}
