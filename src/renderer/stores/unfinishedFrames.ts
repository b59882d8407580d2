import { request } from '../base/api'

/**
 * Keeps track of the finished frames that exports leave on disk next to their targets: part of the store
 * `exports`.
 *
 * @param isWanted  whether another export than `id` will continue with the frames at a path
 */
export function useUnfinishedFrames(isWanted: (id: string, path: string) => boolean) {
  /** For each export, the paths next to which its finished frames are stored. */
  const paths = new Map<string, Set<string>>()

  /** Notes that an export has begun to store frames. */
  function note(id: string, path: string): void {
    paths.set(id, (paths.get(id) ?? new Set<string>()).add(path))
  }

  /** Notes that an export to this path is complete, so that none of its frames are left. */
  function complete(id: string, path: string): void {
    paths.get(id)?.delete(path)
  }

  /** Removes the frames that an export left on disk, except those that another export will continue with. */
  function discard(id: string): void {
    for (const path of paths.get(id) ?? []) {
      if (isWanted(id, path)) continue
      // Frames that cannot be removed now are removed by the next export to the same place.
      request('animation.discard', { path }).catch(() => undefined)
    }
    paths.delete(id)
  }

  return { note, complete, discard }
}
