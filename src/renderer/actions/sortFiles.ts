import { isLatentFile, mayHoldTensors } from '#shared/fileKinds'
import { toFailure } from '#shared/errors'
import type { ImportReport } from '#shared/routes/app/libraryRoutes'
import { request } from '../base/api'

/** Paths grouped by content. */
export interface SortedFiles {
  readonly latents: string[]
  /** Weights of networks, without a model's other files. */
  readonly weights: string[]
  /** Files with the extension of a latent file that are not latent files. */
  readonly failures: ImportReport['failures']
  /** Pictures, folders, and everything else, to be examined later. */
  readonly others: string[]
}

/** Sorts files by content, because latent files and weight files have the same extensions. */
export async function sortFiles(paths: readonly string[]): Promise<SortedFiles> {
  const sorted: SortedFiles = { latents: [], weights: [], failures: [], others: [] }
  for (const path of paths) {
    if (!mayHoldTensors(path)) {
      sorted.others.push(path)
      continue
    }
    try {
      const kind = await request('latent.fileKind', { path })
      sorted[kind === 'weights' ? 'weights' : 'latents'].push(path)
    } catch (thrown) {
      if (isLatentFile(path)) sorted.failures.push({ path, error: toFailure(thrown) })
      else sorted.others.push(path)
    }
  }
  return sorted
}
