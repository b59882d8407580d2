/** What opening and saving projects answers. */
import type { StudioDocument } from './document'
import { StudioError } from './errors'
import type { ComputeInfo, ModelInfo } from './reports'

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

/** What an export leads back to, and what it is itself. */
export interface ExportOrigin extends DocumentFound {
  kind: 'picture' | 'video' | 'folder'
}

/** A project that was opened. */
export interface ProjectOpened extends DocumentFound {
  path: string
  /** What could not be read and what stands in for it, one sentence each. */
  problems: string[]
  /** Whether a newer program wrote it: it is not to be saved over. */
  newer: boolean
  /** What computed the latents that it brought, each once. */
  computes: ComputeInfo[]
}

/** One picture of a project, encoded again. */
export interface LatentVerified {
  /** Of the picture. */
  id: string
  name: string
  /**
   * `identical` to the bit; `within` the tolerance of another machine or device; `different`; or not compared, because the
   * project keeps no latent of it under the document's settings, or its picture is missing.
   */
  verdict: 'identical' | 'within' | 'different' | 'notKept' | 'pictureMissing'
  /** The largest, in standard deviations of the kept latent; null where nothing was compared. */
  difference: number | null
  /** How large it may be: 0 on the machine and device that computed the kept latent. */
  tolerance: number | null
  /** What computed the kept latent. */
  compute: ComputeInfo | null
}

/** A project whose pictures were encoded again. */
export interface ProjectVerified {
  path: string
  /** Parts that are not what was saved. */
  damaged: string[]
  latents: LatentVerified[]
}

/** Whether nothing in a project is other than it should be. What could not be compared is no fault. */
export function isVerified({ damaged, latents }: ProjectVerified): boolean {
  return damaged.length === 0 && latents.every(({ verdict }) => verdict !== 'different')
}

/**
 * Makes sure that a document's latents and this model belong together.
 *
 * @param path  of the file that the document came from
 * @throws StudioError MODEL_MISMATCH with both named
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
