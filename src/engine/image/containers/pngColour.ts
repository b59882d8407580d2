import { deflateSync } from 'node:zlib'
import { cicpProfile } from '../colourProfile'
import { encodePngChunk, type PngChunk } from './pngChunks'

/**
 * An exponent this close to 1 / 2.2, given without primaries, means sRGB; Chromium uses the same tolerance of
 * 5 %.
 */
const displayGamma = 2.2
const gammaTolerance = 0.05

/** The colour types of shades of grey, without and with alpha. */
const greyTypes = new Set<number | undefined>([0, 4])

/** Encodes the chunk that carries an ICC profile. */
export function encodeProfileChunk(profile: Uint8Array): Buffer {
  return encodePngChunk(
    'iCCP',
    Buffer.concat([Buffer.from('ICC profile\0\0', 'latin1'), deflateSync(profile)]),
  )
}

/** `gAMA` and `cHRM` count together; `gAMA` alone means sRGB unless its value is quite different. */
function gammaChunks(gamma: PngChunk | undefined, primaries: PngChunk | undefined): PngChunk[] {
  const value = gamma?.data.length === 4 ? gamma.data.readUInt32BE(0) / 100_000 : 0
  if (!gamma || value === 0) return []
  if (primaries?.data.length === 32 && primaries.data.readUInt32BE(4) > 0) return [gamma, primaries]
  return Math.abs(value * displayGamma - 1) > gammaTolerance ? [gamma] : []
}

/**
 * Returns the chunks that tell a decoder the colours of a PNG file. The first kind that is present decides
 * (PNG specification, third edition, section 4.3): coding-independent code points, which are converted to a
 * profile because decoders do not know them; an ICC profile; sRGB; gamma and primaries.
 */
export function colourChunks(chunks: readonly PngChunk[]): Buffer[] {
  const find = (wanted: string) => chunks.find(({ type }) => type === wanted)
  const codePoints = find('cICP')?.data
  // The third number is the matrix, which must be 0 for RGB; the fourth says that the full range is used.
  if (codePoints?.length === 4 && codePoints[2] === 0 && codePoints[3] === 1) {
    const profile = cicpProfile(codePoints[0], codePoints[1], greyTypes.has(find('IHDR')?.data[9]))
    if (profile !== 'unknown') return profile === 'sRGB' ? [] : [encodeProfileChunk(profile)]
  }
  const profile = find('iCCP')
  if (profile) return [encodePngChunk('iCCP', profile.data)]
  if (find('sRGB')) return []
  return gammaChunks(find('gAMA'), find('cHRM')).map(({ type, data }) => encodePngChunk(type, data))
}
