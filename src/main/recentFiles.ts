import { z } from 'zod'
import type { JsonFolder } from './JsonFolder'

const kept = 10

/** Recently opened files of one kind, the latest first. */
export interface RecentFiles {
  readonly paths: readonly string[]
  add(paths: readonly string[]): void
  clear(): void
  /** Calls `listener` after every change. */
  onChange(listener: () => void): void
}

/**
 * Opens a list of recent files.
 *
 * @param what  in the plural, for the notice of a damaged list: "recent pictures"
 */
export async function openRecentFiles(folder: JsonFolder, name: string, what: string): Promise<RecentFiles> {
  const file = await folder.open(name, what, z.array(z.string()), [])
  const listeners: (() => void)[] = []
  const change = (paths: string[]): void => {
    // An unwritable disk may cost this list, but must not affect the files.
    file.save(paths).catch((error: unknown) => console.error(error))
    for (const listener of listeners) listener()
  }
  return {
    get paths() {
      return file.value
    },
    add: (paths) => change([...new Set([...paths, ...file.value])].slice(0, kept)),
    clear: () => change([]),
    onChange: (listener) => void listeners.push(listener),
  }
}
