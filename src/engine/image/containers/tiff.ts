import { readExifOrientation } from '../orientation'
import { readTiffNumbers } from '../tiffTags'
import { type ContainerHeader, DamagedPicture, type PictureContainer } from './container'

/** TIFF 6.0, section 8; tiles in section 15. */
const tag = { width: 256, height: 257, offsets: [273, 324], lengths: [279, 325] }

function readHeader(bytes: Buffer): ContainerHeader {
  const [width, height] = [tag.width, tag.height].map((side) => readTiffNumbers(bytes, side)?.[0])
  if (width === undefined || height === undefined) throw new DamagedPicture('is damaged: it declares no size')
  return { width, height, orientation: readExifOrientation(bytes), opaque: false }
}

function checkWhole(bytes: Buffer): void {
  const [offsets, lengths] = [tag.offsets, tag.lengths].map((tags) =>
    tags.flatMap((each) => readTiffNumbers(bytes, each) ?? []),
  )
  if (offsets.length === 0 || offsets.length !== lengths.length) throw new DamagedPicture('has no pixel data')
  if (offsets.some((offset, i) => offset + lengths[i] > bytes.length))
    throw new DamagedPicture('is truncated: part of its pixel data is missing')
}

/** TIFF 6.0, the first picture of a file. */
export const tiff: PictureContainer = {
  format: 'tiff',
  matches: (bytes) => /^(II\*\0|MM\0\*)/.test(bytes.toString('latin1', 0, 4)),
  readHeader,
  checkWhole,
  forDecoder: (bytes) => bytes,
}
