import { readExifOrientation } from '../orientation'
import { checkBlocks } from '../tiff/blocks'
import { hasWrongLengths, readTiffSize } from '../tiff/grid'
import { readLayout } from '../tiff/layout'
import { hasMoreTiffPages } from '../tiffTags'
import type { ContainerHeader, PictureContainer } from './container'

function readHeader(bytes: Buffer): ContainerHeader {
  return {
    ...readTiffSize(bytes),
    orientation: readExifOrientation(bytes),
    opaque: false,
    ...(hasWrongLengths(bytes) && { unended: true }),
    ...(hasMoreTiffPages(bytes) && { more: 'pages' }),
  }
}

/** TIFF 6.0, the first picture of a file. */
export const tiff: PictureContainer = {
  format: 'tiff',
  matches: (bytes) => /^(II\*\0|MM\0\*)/.test(bytes.toString('latin1', 0, 4)),
  readHeader,
  checkWhole: async (bytes) => checkBlocks(bytes, readLayout(bytes)),
  forDecoder: (bytes) => bytes,
}
