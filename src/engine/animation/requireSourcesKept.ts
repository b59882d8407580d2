import { sep } from 'node:path'
import { sourcesOf } from '#core/timeline/timeline'
import { StudioError } from '#shared/errors'
import type { FramePlan } from '#shared/framePlan'
import { realPathOf } from '#files/realPath'

/**
 * Refuses to write an export over one of the files that it is made from, which would be lost.
 *
 * @param target  path of the export's file or folder
 * @throws StudioError EXISTS naming the source
 */
export async function requireSourcesKept(target: string, plan: FramePlan): Promise<void> {
  const written = await realPathOf(target)
  for (const path of sourcesOf(plan).flatMap(pathsIn)) {
    const source = await realPathOf(path)
    if (source !== written && !source.startsWith(written + sep)) continue
    throw new StudioError(
      'EXISTS',
      `Cannot write "${target}": the film is made from "${path}", which would be lost: choose another name.`,
      { path: target },
    )
  }
}

/** Returns every file that a latent's source names, also those of its parts. */
function pathsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) =>
    key === 'path' && typeof part === 'string' && part !== '' ? [part] : pathsIn(part),
  )
}
