import type { Path } from '#core/timeline/path'

/** One picture on the timeline. The same picture may stand there more than once. */
export interface Stop {
  readonly id: string
  readonly pictureId: string
}

/** The path through pictures that becomes the animation. */
export type TimelinePath = Path<Stop>
