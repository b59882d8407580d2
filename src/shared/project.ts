/** The results of opening and saving projects. */
import type { StudioDocument } from './document'
import { StudioError } from './errors'
import type { ComputeInfo, ModelInfo } from './reports'

/** The result of saving a project. */
export interface ProjectSaved {
  path: string
  bytes: number
  /** Paths of pictures and latent files that could not be included: missing, unreadable or something else. */
  leftOut: string[]
}

/** A document whose files have been searched for. */
export interface DocumentFound {
  document: StudioDocument
  /**
   * Paths of pictures and latent files that were found nowhere, or names of those without a path; their items are
   * kept.
   */
  missing: string[]
  /** What does not fit the files that were found and what replaces it, one sentence each. */
  problems: readonly string[]
}

/** The project that an export was made from, and the kind of the export. */
export interface ExportOrigin extends DocumentFound {
  kind: 'picture' | 'video' | 'folder'
  /** How many different pictures and latents it shows, or its film leads through. */
  shown: number
  /** What could not be read, does not fit, or has no place in a project, one sentence each. */
  problems: readonly string[]
}

/** An opened project. */
export interface ProjectOpened extends DocumentFound {
  path: string
  /** What could not be read or does not fit, and what replaces it, one sentence each. */
  problems: readonly string[]
  /** Whether a newer program wrote it. It must not be saved over then. */
  newer: boolean
  /** What computed the latents in the project, each once. */
  computes: ComputeInfo[]
}

/** The result of encoding one picture of a project again. */
export interface LatentVerified {
  /** Id of the picture. */
  id: string
  name: string
  /**
   * `identical` to the bit; `within` the tolerance for another machine or device; `different`; or not
   * compared, because the project has no latent of it under the document's settings (`notKept`), or its
   * picture is missing.
   */
  verdict: 'identical' | 'within' | 'different' | 'notKept' | 'pictureMissing'
  /** The largest difference, in standard deviations of the kept latent; null if nothing was compared. */
  difference: number | null
  /** The largest allowed difference: 0 on the machine and device that computed the kept latent. */
  tolerance: number | null
  /** What computed the kept latent. */
  compute: ComputeInfo | null
}

/** The result of verifying a project by encoding its pictures again. */
export interface ProjectVerified {
  path: string
  /** Parts whose contents are not what was saved. */
  damaged: string[]
  /** How many parts the project lists and its file does not contain. */
  absent: number
  /** What is missing or could not be compared, one sentence each. */
  problems: string[]
  latents: LatentVerified[]
}

/** Whether all parts of a project are there and sound, and no latent differs. One that was not compared is no fault. */
export function isVerified({ damaged, absent, latents }: ProjectVerified): boolean {
  return damaged.length + absent === 0 && latents.every(({ verdict }) => verdict !== 'different')
}

/**
 * Checks that a document's latents belong to this model.
 *
 * @param path  path of the file that the document came from
 * @throws StudioError MODEL_MISMATCH, naming both models
 */
export function requireItsModel(
  { model }: Pick<StudioDocument, 'model'>,
  { id, sha256 }: Pick<ModelInfo, 'id' | 'sha256'>,
  path: string,
): void {
  if (!model || model.sha256 === '' || model.sha256 === sha256) return
  throw new StudioError(
    'MODEL_MISMATCH',
    `"${path}" was made with the model "${model.name}" (${model.sha256.slice(0, 8)}), not with "${id}" (${sha256.slice(0, 8)}): name that model with --model.`,
    { path },
  )
}
