import type { DocumentStop } from '#shared/document'
import type { Path } from '#core/timeline/path'

/** A place on the timeline: a library item, which may appear more than once. */
export type Stop = DocumentStop

/** The path through items that becomes the animation. */
export type TimelinePath = Path<Stop>
