import { describePartUsed } from '#shared/partUsed'
import type { PictureInfo } from '#shared/reports'
import { say } from './terminal'

/**
 * Makes what says of each picture that a command line names, before the first work on it, that only a part of its file is
 * used: the first frame of an animation, the first page of several.
 *
 * @throws StudioError as the work itself would, where a picture cannot be read
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

/** The picture files that a request names. Those of a project have a digest: their project told it when they came in. */
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
