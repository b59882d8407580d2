/** What opening and saving projects answers. */
import type { StudioDocument } from './document'

/** What saving a project wrote. */
export interface ProjectSaved {
  path: string
  bytes: number
  /** Paths of pictures and latent files that are missing and could not go in. */
  leftOut: string[]
}

/** A document with its files looked for. */
export interface DocumentFound {
  document: StudioDocument
  /** Paths of pictures and latent files that are nowhere: they keep their place. */
  missing: string[]
}

/** A project that was opened. */
export interface ProjectOpened extends DocumentFound {
  path: string
  /** What could not be read and what stands in for it, one sentence each. */
  problems: string[]
  /** Whether a newer program wrote it: it is not to be saved over. */
  newer: boolean
}
