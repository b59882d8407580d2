import type { ContainerHeader, PictureContainer } from './container'
import { isSequence, withStill } from './isoSequence'
import { cleanAperture, checkIsoWhole, isoBrands, readIsoHeader } from './isoPicture'

/** Pictures and sequences coded as HEVC, and the brands of every HEIF file (ISO/IEC 23008-12, annex B). */
const brands = /^(he[iv][cxms]|mif1|msf1)$/

/** The largest that phones make; its decoder is in WebAssembly and takes a dozen bytes a pixel. */
const limit = { of: 'a HEIC picture', pixels: 50_000_000 }

/** The pixels that are left once the edges are cut off which only fill up the last blocks. */
function readHeader(file: Buffer): ContainerHeader {
  const bytes = withStill(file, 'heic')
  return {
    ...readIsoHeader(bytes),
    ...cleanAperture(bytes),
    limit,
    ...(isSequence(file) && { more: 'frames' }),
  }
}

/** The decoder looks at the first brand only, and knows some of them. */
function forDecoder(bytes: Buffer): Buffer {
  const copy = Buffer.from(withStill(bytes, 'heic'))
  copy.write('heic', 8, 'latin1')
  return copy
}

/** HEIC, the photos of phones (ISO/IEC 23008-12). */
export const heic: PictureContainer = {
  format: 'heic',
  matches: (bytes) => isoBrands(bytes).some((brand) => brands.test(brand)),
  readHeader,
  checkWhole: checkIsoWhole,
  forDecoder,
}
