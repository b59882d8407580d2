import type { FileHandle } from 'node:fs/promises'
import { readRange } from '#files/fileAccess'
import { isoBoxes } from '../image/containers/isoBoxes'

/** Size limit of the metadata part that is read from a video, in bytes. */
const longestPart = 64 * 2 ** 20
/** Limit on the parts scanned in sequence, so that a damaged video does not take minutes. */
const mostParts = 10_000

/** One of the consecutive parts of a file: the position and length of its contents. */
interface Part {
  readonly type: string
  readonly from: number
  readonly length: number
}

/**
 * Parses the header of the part that starts with the bytes of `head`, at file position `at`; returns null if
 * it is invalid.
 */
type ReadPart = (head: Buffer, at: number) => Part | null

/**
 * Returns the comment of an MP4 or WebM video, or null if it has none.
 *
 * @throws RangeError or DamagedPictureError if the file is damaged
 */
export async function readVideoComment(file: FileHandle): Promise<string | null> {
  const { size } = await file.stat()
  const head = await readRange(file, 0, Math.min(size, 12))
  if (head.toString('latin1', 4, 8) === 'ftyp') {
    const movie = await findPart(file, { from: 0, length: size }, 'moov', readBox)
    return movie && commentOfMovie(movie)
  }
  if (!head.subarray(0, ebmlMagic.length).equals(ebmlMagic)) return null
  const segment = await locatePart(file, { from: 0, length: size }, ebmlIds.segment, readElement)
  const tags = segment && (await findPart(file, segment, ebmlIds.tags, readElement))
  return tags && commentOfTags(tags)
}

async function locatePart(
  file: FileHandle,
  { from, length }: Omit<Part, 'type'>,
  type: string,
  read: ReadPart,
): Promise<Part | null> {
  const end = from + length
  let at = from
  for (let count = 0; count < mostParts && at < end; count++) {
    const part = read(await readRange(file, at, Math.min(16, end - at)), at)
    if (!part || part.from + part.length > end) return null
    if (part.type === type) return part
    at = part.from + part.length
  }
  return null
}

async function findPart(
  file: FileHandle,
  within: Omit<Part, 'type'>,
  type: string,
  read: ReadPart,
): Promise<Buffer | null> {
  const part = await locatePart(file, within, type, read)
  return part && part.length <= longestPart ? readRange(file, part.from, part.length) : null
}

/** A box of an ISO base media file (ISO/IEC 14496-12, section 4.2). */
const readBox: ReadPart = (head, at) => {
  if (head.length < 8) return null
  const short = head.readUInt32BE(0)
  const header = short === 1 ? 16 : 8
  const size = short === 1 && head.length === 16 ? Number(head.readBigUInt64BE(8)) : short
  return size < header
    ? null
    : { type: head.toString('latin1', 4, 8), from: at + header, length: size - header }
}

/** Returns what QuickTime calls the comment: moov/udta/meta/ilst/©cmt/data. */
function commentOfMovie(movie: Buffer): string | null {
  const userData = childOf(movie, 'udta')
  // The child boxes of this box follow its version and flags.
  const list = userData && childOf(childOf(userData, 'meta')?.subarray(4) ?? empty, 'ilst')
  const data = list && childOf(childOf(list, '\xa9cmt') ?? empty, 'data')
  // The text follows the type and the locale.
  return data ? data.toString('utf8', 8) : null
}

const empty = Buffer.alloc(0)

function childOf(boxes: Buffer, type: string): Buffer | null {
  for (const box of isoBoxes(boxes)) if (box.type === type) return box.data
  return null
}

const ebmlMagic = Buffer.from([0x1a, 0x45, 0xdf, 0xa3])
/** IDs of Matroska elements (RFC 9559), as hex. */
const ebmlIds = {
  segment: '18538067',
  tags: '1254c367',
  tag: '7373',
  simpleTag: '67c8',
  name: '45a3',
  text: '4487',
} as const

/**
 * An EBML element (RFC 8794, section 6). Elements of unknown size are rejected: only live streams have them.
 */
const readElement: ReadPart = (head, at) => {
  const idLength = head.length > 0 ? lengthOfNumber(head[0]) : 0
  if (idLength === 0 || idLength > 4 || idLength >= head.length) return null
  const sizeLength = lengthOfNumber(head[idLength])
  const start = idLength + sizeLength
  if (sizeLength === 0 || start > head.length) return null
  let length = head[idLength] & (0xff >> sizeLength)
  for (const byte of head.subarray(idLength + 1, start)) length = length * 256 + byte
  return { type: head.toString('hex', 0, idLength), from: at + start, length }
}

/** The length of a variable-length number, from its first byte; 0 if invalid. */
function lengthOfNumber(first: number): number {
  return first === 0 ? 0 : Math.clz32(first) - 23
}

function commentOfTags(tags: Buffer): string | null {
  for (const tag of elementsOf(tags, ebmlIds.tag)) {
    for (const simple of elementsOf(tag, ebmlIds.simpleTag)) {
      const [name] = elementsOf(simple, ebmlIds.name)
      const [text] = elementsOf(simple, ebmlIds.text)
      if (name?.toString('utf8') === 'COMMENT') return text?.toString('utf8') ?? null
    }
  }
  return null
}

function elementsOf(bytes: Buffer, type: string): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    const part = readElement(bytes.subarray(at, at + 16), at)
    if (!part || part.from + part.length > bytes.length) break
    if (part.type === type) found.push(bytes.subarray(part.from, part.from + part.length))
    at = part.from + part.length
  }
  return found
}
