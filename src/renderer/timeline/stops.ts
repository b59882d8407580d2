import type { DocumentStop } from '#shared/document'
import type { Path } from '#core/timeline/path'

/** A place on the timeline: an item of the library, which may stand there more than once. */
export type Stop = DocumentStop

/** The path through items that becomes the animation. */
export type TimelinePath = Path<Stop>
