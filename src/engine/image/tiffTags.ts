/** TIFF field types and the sizes of their values in bytes (TIFF 6.0, section 2). */
type FieldTypes = Readonly<Record<number, number>>
/** SHORT and LONG: the integers that sizes, counts and codes are stored in. */
const integerTypes: FieldTypes = { 3: 2, 4: 4 }
/** The integer types, and plain bytes: BYTE and UNDEFINED. */
const numberTypes: FieldTypes = { ...integerTypes, 1: 1, 7: 1 }
/** Compressions of TIFF pictures that need separate treatment (TIFF 6.0; Technical Note 2 of 1995). */
export const tiffCompression = { stored: 1, jpeg: 7 } as const

/** The type of fractions, two integers each. */
const fractionTypes: FieldTypes = { 5: 8 }

/**
 * More than the number of strips in any picture within the limits, and than the bytes of any colour profile.
 */
const mostValues = 2 ** 22

/** Limit on the directories that are followed, because those of a damaged file may form a cycle. */
const mostDirectories = 256

/**
 * The purpose of a directory's picture (TIFF 6.0, section 8): a reduced copy of another, or a mask, does not
 * count as a page.
 */
const subfileTag = 254
const noPage = 1 | 4

/** Returns a function that reads an integer of `size` bytes in the byte order of a TIFF structure. */
function readerOf(tiff: Buffer): (at: number, size: number) => number {
  const littleEndian = tiff.toString('latin1', 0, 2) === 'II'
  return (at, size) => (littleEndian ? tiff.readUIntLE(at, size) : tiff.readUIntBE(at, size))
}

/**
 * Reads the integers of a tag in a directory of a TIFF structure, such as an EXIF block or a TIFF picture; bytes
 * count as such. Returns null if the tag is missing or contains something else.
 *
 * @param tiff  the structure, starting with its byte order mark (`II` or `MM`)
 * @param directory  its offset; by default that of the first one
 * @throws RangeError if the structure ends early
 */
export function readTiffNumbers(
  tiff: Buffer,
  tag: number,
  directory: number = readerOf(tiff)(4, 4),
): number[] | null {
  return readValues(tiff, tag, { directory, types: numberTypes })
}

/**
 * Reads the integers of a tag in the first directory of a TIFF structure. Returns null if the tag is missing or of
 * another type than SHORT and LONG.
 *
 * @throws RangeError if the structure ends early
 */
export function readTiffIntegers(tiff: Buffer, tag: number): number[] | null {
  return readValues(tiff, tag, { directory: readerOf(tiff)(4, 4), types: integerTypes })
}

function readValues(tiff: Buffer, tag: number, where: TagPlace): number[] | null {
  const read = readerOf(tiff)
  return findValues(tiff, tag, where)?.map(({ at, size }) => read(at, size)) ?? null
}

/**
 * Reads the fractions of a tag in the first directory of a TIFF structure. Returns null if the tag is missing or
 * contains something else.
 *
 * @throws RangeError if the structure ends early
 */
export function readTiffFractions(tiff: Buffer, tag: number): number[] | null {
  const read = readerOf(tiff)
  const values = findValues(tiff, tag, { directory: read(4, 4), types: fractionTypes })
  return values?.map(({ at }) => read(at, 4) / read(at + 4, 4)) ?? null
}

/** The directory of a tag, by its offset, and the types that its values may have. */
interface TagPlace {
  readonly directory: number
  readonly types: FieldTypes
}

/** Returns where the values of a tag are; null if the tag is missing or has another type. */
function findValues(
  tiff: Buffer,
  tag: number,
  { directory, types }: TagPlace,
): { readonly at: number; readonly size: number }[] | null {
  const read = readerOf(tiff)
  for (let entry = 0; entry < read(directory, 2); entry++) {
    const at = directory + 2 + entry * 12
    if (read(at, 2) !== tag) continue
    const [size, count] = [types[read(at + 2, 2)], read(at + 4, 4)]
    if (size === undefined) return null
    const start = size * count > 4 ? read(at + 8, 4) : at + 8
    if (count > mostValues) return null
    if (start + size * count > tiff.length) throw new RangeError('The values lie beyond the end.')
    return Array.from({ length: count }, (_, i) => ({ at: start + i * size, size }))
  }
  return null
}

/** Whether a TIFF file has pages besides the first. Damage after the first page does not matter. */
export function hasMoreTiffPages(tiff: Buffer): boolean {
  const read = readerOf(tiff)
  const next = (directory: number): number => read(directory + 2 + read(directory, 2) * 12, 4)
  try {
    let directory = next(read(4, 4))
    for (let left = mostDirectories; left > 0 && directory !== 0; left--, directory = next(directory)) {
      const kind = readTiffNumbers(tiff, subfileTag, directory)?.[0] ?? 0
      if ((kind & noPage) === 0) return true
    }
  } catch {
    return false
  }
  return false
}
