/** A kind of file that people hand over as a picture, and the bytes it is told by. */
interface ForeignKind {
  readonly name: string
  readonly signature: string
  readonly offset?: number
}

/** The first that matches names the file: brands stand before the family they belong to. */
const foreignKinds: readonly ForeignKind[] = [
  { name: 'a PDF document', signature: '%PDF-' },
  { name: 'a ZIP archive', signature: 'PK\x03\x04' },
  { name: 'a gzip archive', signature: '\x1f\x8b' },
  { name: 'a TIFF picture', signature: 'II*\0' },
  { name: 'a TIFF picture', signature: 'MM\0*' },
  { name: 'a Windows bitmap', signature: 'BM' },
  { name: 'a Windows icon', signature: '\0\0\x01\0' },
  { name: 'a HEIC picture', signature: 'ftyphei', offset: 4 },
  { name: 'a HEIC picture', signature: 'ftypmif1', offset: 4 },
  { name: 'a video', signature: 'ftyp', offset: 4 },
  { name: 'a video', signature: '\x1a\x45\xdf\xa3' },
  { name: 'a JPEG XL picture', signature: '\xff\x0a' },
  { name: 'a JPEG XL picture', signature: 'JXL ', offset: 4 },
  { name: 'a JPEG 2000 picture', signature: 'jP  ', offset: 4 },
  { name: 'a Photoshop document', signature: '8BPS' },
  { name: 'a NumPy array', signature: '\x93NUMPY' },
  { name: 'a Git LFS pointer', signature: 'version https://git-lfs' },
]

const textKinds: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['an SVG drawing', /^\s*(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*(<!DOCTYPE svg|<svg)/i],
  ['a web page', /^\s*<(!DOCTYPE html|html|head|body)/i],
]

/**
 * Names what a file is that is none of the formats decoded, `an SVG drawing` for example; null when that is unknown.
 *
 * @param bytes  the file, or its first kilobyte
 */
export function nameForeignFile(bytes: Buffer): string | null {
  const head = bytes.toString('latin1', 0, 1024)
  const kind = foreignKinds.find(({ signature, offset = 0 }) => head.startsWith(signature, offset))
  if (kind) return kind.name
  const text = head.replace(/^\xef\xbb\xbf/, '')
  return textKinds.find(([, pattern]) => pattern.test(text))?.[0] ?? null
}
