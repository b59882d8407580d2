import { basename, extname } from 'node:path'

/**
 * Returns the name of a copy that the program makes of a file, so that the same content is kept once.
 *
 * @param sha256  of the content, as 64 hexadecimal digits
 * @param ending  with its dot
 */
export function contentName(sha256: string, ending: string): string {
  return `${sha256}${ending}`
}

/** Whether a path is that of a copy made by the program of the file with this SHA-256: see {@link contentName}. */
export function isNamedByContent(path: string, sha256: string): boolean {
  return sha256 !== '' && basename(path) === contentName(sha256, extname(path))
}
