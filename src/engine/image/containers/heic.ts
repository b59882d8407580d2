import type { ContainerHeader, PictureContainer } from './container'
import { isSequence, withStill } from './isoSequence'
import { cleanAperture, checkIsoWhole, isoBrands, ofBoxesOnly, readIsoHeader } from './isoPicture'

/**
 * Brands of pictures and sequences coded as HEVC, and of HEIF files in general (ISO/IEC 23008-12, annex B).
 */
const brands = /^(he[iv][cxms]|mif1|msf1)$/

/**
 * The largest pictures that phones take; the decoder runs in WebAssembly and needs a dozen bytes per pixel.
 */
const limit = { of: 'a HEIC picture', pixels: 50_000_000 }

/** Reads the header. The size excludes the edges that only pad the last blocks. */
function readHeader(file: Buffer): ContainerHeader {
  const bytes = withStill(file, 'heic')
  return {
    ...readIsoHeader(bytes),
    ...cleanAperture(bytes),
    limit,
    ...(isSequence(file) && { more: 'frames' }),
  }
}

/** The decoder looks at the first brand only, and knows only some of them. */
function forDecoder(bytes: Buffer): Buffer {
  const copy = Buffer.from(withStill(bytes, 'heic'))
  copy.write('heic', 8, 'latin1')
  return copy
}

/** HEIC, the format of phone photos (ISO/IEC 23008-12). */
export const heic: PictureContainer = ofBoxesOnly({
  format: 'heic',
  matches: (bytes) => isoBrands(bytes).some((brand) => brands.test(brand)),
  readHeader,
  checkWhole: checkIsoWhole,
  forDecoder,
})
