import { sha256Of } from './sha256'

/** Most bytes that common file systems allow in one name. */
const mostBytes = 255

/** Characters that a file name may not hold on some system: those of paths, control characters, half characters. */
const unfit = /[\\/:*?"<>|\p{Cc}\p{Cs}]+/gu

/** Names that Windows takes for a device, whatever follows their first dot. */
const deviceName = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³]) *(?:\.|$)/i

/**
 * Turns a display name into the stem of a file name that is valid on every system; `otherwise` if nothing is
 * left of it.
 */
export function plainStem(name: string, otherwise: string): string {
  // Windows drops dots and spaces at the end of a name.
  const stem = name
    .replace(unfit, ' ')
    .trim()
    .replace(/[\s.]+$/, '')
  if (stem === '') return otherwise
  return deviceName.test(stem) ? `_${stem}` : stem
}

/** Returns a name of at most 255 bytes: `stem` is truncated if needed, but never within a character. */
export function fitFileName(stem: string, suffix: string): string {
  const room = mostBytes - Buffer.byteLength(suffix)
  let kept = ''
  let bytes = 0
  for (const character of stem) {
    bytes += Buffer.byteLength(character)
    if (bytes > room) break
    kept += character
  }
  return kept + suffix
}

/** Does the same as {@link fitFileName}, but names that differ only in the truncated part stay different. */
export function fitUniqueFileName(stem: string, suffix: string): string {
  if (Buffer.byteLength(stem + suffix) <= mostBytes) return stem + suffix
  const hash = sha256Of(stem).slice(0, 8)
  return fitFileName(stem, `-${hash}${suffix}`)
}
