import { isLatentFile, mayHoldTensors } from '#shared/fileKinds'
import { toFailure } from '#shared/errors'
import type { ImportReport } from '#shared/routes/app/libraryRoutes'
import { request } from '../base/api'

/** Paths by what is at them. */
export interface SortedFiles {
  readonly latents: string[]
  /** Weights of networks, without a model's other files. */
  readonly weights: string[]
  /** Those whose ending promises a latent, and which are none. */
  readonly failures: ImportReport['failures']
  /** Pictures, folders, and all that is looked at later. */
  readonly others: string[]
}

/** Sorts files by what they hold: files of latents and of weights have the same endings. */
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
