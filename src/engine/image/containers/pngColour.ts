import { deflateSync } from 'node:zlib'
import { cicpProfile } from '../colourProfile'
import { encodePngChunk, type PngChunk } from './pngChunks'

/** The exponent that is taken for sRGB where a file names it without primaries: 1 / 2.2, as Chromium has it to within 5 %. */
const displayGamma = 2.2
const gammaTolerance = 0.05

/** The chunk that carries an ICC profile. */
export function encodeProfileChunk(profile: Uint8Array): Buffer {
  return encodePngChunk(
    'iCCP',
    Buffer.concat([Buffer.from('ICC profile\0\0', 'latin1'), deflateSync(profile)]),
  )
}

/** `gAMA` and `cHRM` count together; `gAMA` alone means sRGB unless it says something quite different. */
function gammaChunks(gamma: PngChunk | undefined, primaries: PngChunk | undefined): PngChunk[] {
  const value = gamma?.data.length === 4 ? gamma.data.readUInt32BE(0) / 100_000 : 0
  if (!gamma || value === 0) return []
  if (primaries?.data.length === 32 && primaries.data.readUInt32BE(4) > 0) return [gamma, primaries]
  return Math.abs(value * displayGamma - 1) > gammaTolerance ? [gamma] : []
}

/**
 * The chunks that tell a decoder a PNG file's colours. The first kind that is there decides (PNG specification, third
 * edition, section 4.3): coding-independent code points, which become a profile, for decoders do not know them; an ICC
 * profile; sRGB; gamma and primaries.
 */
export function colourChunks(chunks: readonly PngChunk[]): Buffer[] {
  const find = (wanted: string) => chunks.find(({ type }) => type === wanted)
  const codePoints = find('cICP')?.data
  // The third number is the matrix, which is none in RGB; the fourth says that all of the range is used.
  if (codePoints?.length === 4 && codePoints[2] === 0 && codePoints[3] === 1) {
    const profile = cicpProfile(codePoints[0], codePoints[1])
    if (profile !== 'unknown') return profile === 'sRGB' ? [] : [encodeProfileChunk(profile)]
  }
  const profile = find('iCCP')
  if (profile) return [encodePngChunk('iCCP', profile.data)]
  if (find('sRGB')) return []
  return gammaChunks(find('gAMA'), find('cHRM')).map(({ type, data }) => encodePngChunk(type, data))
}
