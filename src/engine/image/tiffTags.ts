/** TIFF field types that hold whole numbers or plain bytes, and the bytes of one (TIFF 6.0, section 2). */
const numberTypes: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 7: 1 }

/** More than the strips of any picture that is opened, and than the bytes of any colour profile. */
const mostValues = 2 ** 22

/**
 * The whole numbers that a tag of the first directory of a TIFF structure holds: an EXIF block is one, and so is a TIFF
 * picture. Null where the tag is missing or holds something else.
 *
 * @param tiff  the structure from its byte order mark (`II` or `MM`) on
 * @throws RangeError where the structure ends early
 */
export function readTiffNumbers(tiff: Buffer, tag: number): number[] | null {
  const littleEndian = tiff.toString('latin1', 0, 2) === 'II'
  const read = (at: number, size: number) =>
    littleEndian ? tiff.readUIntLE(at, size) : tiff.readUIntBE(at, size)
  const directory = read(4, 4)
  for (let entry = 0; entry < read(directory, 2); entry++) {
    const at = directory + 2 + entry * 12
    if (read(at, 2) !== tag) continue
    const [size, count] = [numberTypes[read(at + 2, 2)], read(at + 4, 4)]
    if (size === undefined) return null
    const start = size * count > 4 ? read(at + 8, 4) : at + 8
    if (count > mostValues) return null
    if (start + size * count > tiff.length) throw new RangeError('The values lie beyond the end.')
    return Array.from({ length: count }, (_, i) => read(start + i * size, size))
  }
  return null
}
