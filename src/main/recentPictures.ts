import { z } from 'zod'
import type { JsonFolder } from './JsonFolder'

const kept = 10

/** Pictures a person opened lately, the latest first. */
export interface RecentPictures {
  readonly paths: readonly string[]
  add(paths: readonly string[]): void
  clear(): void
  /** Calls `listener` after every change. */
  onChange(listener: () => void): void
}

/** Opens `recent.json`. */
export async function openRecentPictures(folder: JsonFolder): Promise<RecentPictures> {
  const file = await folder.open('recent.json', 'recent pictures', z.array(z.string()), [])
  const listeners: (() => void)[] = []
  const change = (paths: string[]): void => {
    // An unwritable disk costs this list its memory and must cost the pictures nothing.
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
