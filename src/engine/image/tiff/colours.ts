import { createPixels, type Pixels } from '#core/picture/pixels'
import { alphaKind, type Layout, photometric } from './layout'
import type { Ycbcr } from './ycbcr'

/** The samples of pixels in sequence, row by row. */
export type Samples = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>

/**
 * Writes red, green and blue, 0 to 255, of the pixel whose samples start at `at` to `out`, starting at `to`.
 */
type WriteColour = (samples: Samples, at: number, out: Uint8ClampedArray, to: number) => void

/**
 * Returns how the samples of a photometric interpretation become a colour. The function allocates nothing per
 * pixel, since there are millions.
 */
function colourWriter({ photometric: kind, bits, palette, ycbcr }: Layout): WriteColour {
  const scale = 255 / (2 ** bits - 1)
  switch (kind) {
    case photometric.whiteIsZero:
      return (samples, at, out, to) => {
        out[to] = out[to + 1] = out[to + 2] = 255 - samples[at] * scale
      }
    case photometric.blackIsZero:
      return (samples, at, out, to) => {
        out[to] = out[to + 1] = out[to + 2] = samples[at] * scale
      }
    case photometric.palette:
      return (samples, at, out, to) => {
        const size = palette.length / 3
        for (let channel = 0; channel < 3; channel++)
          out[to + channel] = palette[channel * size + samples[at]] / 257
      }
    case photometric.cmyk:
      return (samples, at, out, to) => {
        const light = 255 - samples[at + 3] * scale
        for (let ink = 0; ink < 3; ink++) out[to + ink] = ((255 - samples[at + ink] * scale) * light) / 255
      }
    case photometric.ycbcr:
      return ycbcrWriter(ycbcr)
    default:
      return (samples, at, out, to) => {
        out[to] = samples[at] * scale
        out[to + 1] = samples[at + 1] * scale
        out[to + 2] = samples[at + 2] * scale
      }
  }
}

/** Converts brightness and colours (TIFF 6.0, section 20: ReferenceBlackWhite; section 21: the transformation). */
function ycbcrWriter({ luma, range }: Ycbcr): WriteColour {
  const [ofRed, ofGreen, ofBlue] = luma
  const [black, white, noBlue, fullBlue, noRed, fullRed] = range
  return (samples, at, out, to) => {
    const y = ((samples[at] - black) * 255) / (white - black)
    const blue = y + (((samples[at + 1] - noBlue) * 127) / (fullBlue - noBlue)) * 2 * (1 - ofBlue)
    const red = y + (((samples[at + 2] - noRed) * 127) / (fullRed - noRed)) * 2 * (1 - ofRed)
    out[to] = red
    out[to + 1] = (y - ofBlue * blue - ofRed * red) / ofGreen
    out[to + 2] = blue
  }
}

/** Converts rows of samples to pixels. */
export function toPixels(samples: Samples, width: number, layout: Layout): Pixels {
  const pixels = createPixels(width, samples.length / layout.samples / width)
  const { data } = pixels
  const scale = 255 / (2 ** layout.bits - 1)
  const writeColour = colourWriter(layout)
  for (let at = 0, to = 0; to < data.length; at += layout.samples, to += 4) {
    writeColour(samples, at, data, to)
    const alpha = layout.alpha ? samples[at + layout.alphaAt] * scale : 255
    data[to + 3] = alpha
    if (layout.alpha !== alphaKind.premultiplied || alpha === 0) continue
    for (let channel = 0; channel < 3; channel++) data[to + channel] = (data[to + channel] * 255) / alpha
  }
  return pixels
}
