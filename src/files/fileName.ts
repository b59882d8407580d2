import { createHash } from 'node:crypto'

/** Bytes that the usual file systems allow in one name. */
const mostBytes = 255

/** What people call something, as the stem of a file's name on every system; `otherwise` where nothing is left of it. */
export function plainStem(name: string, otherwise: string): string {
  return name.replace(/[\\/:*?"<>|\p{Cc}]+/gu, ' ').trim() || otherwise
}

/** A name of at most 255 bytes: `stem` is cut short before `suffix` where it has to be, never within a character. */
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

/** As {@link fitFileName}; names that differ only in what is cut off stay different. */
export function fitUniqueFileName(stem: string, suffix: string): string {
  if (Buffer.byteLength(stem + suffix) <= mostBytes) return stem + suffix
  const hash = createHash('sha256').update(stem).digest('hex').slice(0, 8)
  return fitFileName(stem, `-${hash}${suffix}`)
}
