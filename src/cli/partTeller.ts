import { describePartUsed } from '#shared/partUsed'
import type { PictureInfo } from '#shared/reports'
import { say } from './terminal'

/**
 * Returns a function that looks at the pictures a request names, each only once, and says if only part of a
 * file is used: the first frame of an animation, or the first of several pages.
 *
 * @throws StudioError as the work itself would, if a picture cannot be read
 */
export function createPartTeller(
  infoOf: (path: string) => Promise<PictureInfo>,
): (input: object) => Promise<void> {
  const told = new Set<string>()
  return async (input) => {
    for (const path of picturesNamedIn(input)) {
      if (told.has(path)) continue
      told.add(path)
      const sentence = describePartUsed(await infoOf(path))
      if (sentence) say(sentence)
    }
  }
}

/**
 * Yields the picture files that a request names. A project's pictures, which have a digest, are left out: the
 * project said it when they were added.
 */
function* picturesNamedIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return
  if (isPictureLatent(value)) {
    if (value.picture.sha256 === undefined) yield value.picture.path
  } else {
    for (const part of Object.values(value)) yield* picturesNamedIn(part)
  }
}

function isPictureLatent(value: object): value is { picture: { path: string; sha256?: string } } {
  return 'kind' in value && value.kind === 'picture'
}
