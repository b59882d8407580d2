import { existsSync } from 'node:fs'
import { win32 } from 'node:path'

/** Where programs are looked for. */
export interface ProgramSearch {
  readonly platform: NodeJS.Platform
  /** The variable PATH. */
  readonly path: string
  readonly isThere: (path: string) => boolean
}

/**
 * Returns what to start a program by. On Windows, a bare name would mean a program in the current folder first,
 * which may be a folder of somebody else's files, so there this is the path of the program on PATH.
 *
 * @param name  without an ending
 * @returns null if Windows has it nowhere on PATH
 */
export function findProgram(name: string, search: Partial<ProgramSearch> = {}): string | null {
  const { platform = process.platform, path = process.env.PATH ?? '', isThere = existsSync } = search
  if (platform !== 'win32') return name
  const folders = path.split(';').map((folder) => folder.replaceAll('"', ''))
  const places = folders.filter(win32.isAbsolute).map((folder) => win32.join(folder, `${name}.exe`))
  return places.find(isThere) ?? null
}
