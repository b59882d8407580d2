import { readTiffNumbers } from './tiffTags'

/** A kind of file that people mistake for a readable picture, and the signature that identifies it. */
interface ForeignKind {
  readonly name: string
  readonly signature: string
  readonly offset?: number
}

/**
 * Signatures of camera raw files. Raw files based on TIFF are recognised by name and by tags that only raw
 * files have.
 */
const rawSignatures: readonly (readonly [signature: string, offset: number])[] = [
  ['CR\x02', 8],
  ['IIRO', 0],
  ['IIRS', 0],
  ['MMOR', 0],
  ['IIU\0', 0],
  ['FUJIFILMCCD-RAW', 0],
  ['\0MRM', 0],
  ['FOVb', 0],
  ['HEAPCCDR', 6],
  ['ftypcrx ', 4],
]
const tiffSignature = /^(II\*\0|MM\0\*)/
const rawEnding =
  /\.(3fr|arw|cr2|dcr|dng|erf|fff|iiq|kdc|mef|mos|nef|nrw|orf|pef|raf|raw|rw2|rwl|sr2|srf|srw)$/i

/** Present only in a DNG file. */
const dngVersionTag = 50706
const photometricTag = 262
/** Photometric interpretations of a sensor's mosaic, and of a demosaiced one. */
const sensorColours = new Set([32803, 34892])

/** Whether a file contains raw sensor data, which must be developed before it is a picture. */
export function isCameraRaw(bytes: Buffer, name: string): boolean {
  const head = bytes.toString('latin1', 0, 32)
  if (rawSignatures.some(([signature, offset]) => head.startsWith(signature, offset))) return true
  if (!tiffSignature.test(head)) return false
  if (rawEnding.test(name)) return true
  try {
    const [colours] = readTiffNumbers(bytes, photometricTag) ?? []
    return sensorColours.has(colours) || readTiffNumbers(bytes, dngVersionTag) !== null
  } catch {
    return false
  }
}

/** The first match names the file, so specific brands come before the family they belong to. */
const foreignKinds: readonly ForeignKind[] = [
  { name: 'a PDF document', signature: '%PDF-' },
  { name: 'a PostScript document', signature: '%!PS' },
  { name: 'a ZIP archive', signature: 'PK\x03\x04' },
  { name: 'a gzip archive', signature: '\x1f\x8b' },
  { name: 'a BigTIFF picture', signature: 'II+\0' },
  { name: 'a BigTIFF picture', signature: 'MM\0+' },
  { name: 'a PAM picture', signature: 'P7\n' },
  { name: 'a PFM picture', signature: 'PF\n' },
  { name: 'a PFM picture', signature: 'Pf\n' },
  { name: 'a QOI picture', signature: 'qoif' },
  { name: 'an OpenEXR picture', signature: 'v/1\x01' },
  { name: 'a Radiance HDR picture', signature: '#?RADIANCE' },
  { name: 'a DDS texture', signature: 'DDS ' },
  { name: 'a Windows bitmap', signature: 'BM' },
  { name: 'a Windows icon', signature: '\0\0\x01\0' },
  { name: 'an Apple icon', signature: 'icns' },
  { name: 'a JPEG XL picture', signature: 'ftypjxl ', offset: 4 },
  { name: 'a JPEG XL picture', signature: '\xff\x0a' },
  { name: 'a JPEG XL picture', signature: 'JXL ', offset: 4 },
  { name: 'a JPEG 2000 picture', signature: 'jP  ', offset: 4 },
  { name: 'a JPEG 2000 picture', signature: '\xff\x4f\xff\x51' },
  { name: 'an audio file', signature: 'ftypM4A', offset: 4 },
  { name: 'an audio file', signature: 'WAVE', offset: 8 },
  { name: 'an audio file', signature: 'ID3' },
  { name: 'an audio file', signature: 'fLaC' },
  { name: 'an audio file', signature: 'OggS' },
  { name: 'a video', signature: 'ftyp', offset: 4 },
  { name: 'a video', signature: 'moov', offset: 4 },
  { name: 'a video', signature: 'mdat', offset: 4 },
  { name: 'a video', signature: '\0\0\0\x08wide' },
  { name: 'a video', signature: '\x30\x26\xb2\x75\x8e\x66\xcf\x11' },
  { name: 'a video', signature: '\x1a\x45\xdf\xa3' },
  { name: 'a video', signature: 'AVI ', offset: 8 },
  { name: 'a video', signature: 'FLV' },
  { name: 'a video', signature: '\0\0\x01\xb3' },
  { name: 'a video', signature: '\0\0\x01\xba' },
  { name: 'a Photoshop document', signature: '8BPS' },
  { name: 'a GIMP document', signature: 'gimp xcf' },
  { name: 'a NumPy array', signature: '\x93NUMPY' },
  { name: 'a Git LFS pointer', signature: 'version https://git-lfs' },
]

/** Kinds that no fixed bytes identify: texts, and packets of a transport stream, of 188 bytes or 4 more. */
const patternKinds: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['a PBM picture', /^P[14]\s+[\d#]/],
  ['a PGM picture', /^P[25]\s+[\d#]/],
  ['a PPM picture', /^P[36]\s+[\d#]/],
  ['a video', /^(.{4})?G.{187}(.{4})?G/s],
  ['an SVG drawing', /^\s*(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*(<!DOCTYPE svg|<svg)/i],
  ['a web page', /^\s*<(!DOCTYPE html|html|head|body)/i],
]

/**
 * Names the kind of a file that is not in a readable format, for example `an SVG drawing`; null if unknown.
 *
 * @param name  its file name, whose extension distinguishes kinds with equal signatures
 */
export function nameForeignFile(bytes: Buffer, name: string): string | null {
  if (isCameraRaw(bytes, name)) return 'a camera raw file'
  const head = bytes.toString('latin1', 0, 1024)
  const kind = foreignKinds.find(({ signature, offset = 0 }) => head.startsWith(signature, offset))
  if (kind) return kind.name
  const text = head.replace(/^\xef\xbb\xbf/, '')
  return patternKinds.find(([, pattern]) => pattern.test(text))?.[0] ?? null
}
