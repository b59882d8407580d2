import type { EnginePort } from '#shared/engineMessages'
import type { Result } from '#shared/errors'
import type { PullReport, PullRequest } from '#shared/models'
import { askDownloader } from '../askDownloader'
import type { RequestOptions } from '../clientOptions'

/**
 * Downloads a model in a process of its own. Never rejects.
 *
 * @param start  starts the download process
 */
export function pullModel(
  start: () => EnginePort,
  request: PullRequest,
  options: Omit<RequestOptions, 'requestId'> = {},
): Promise<Result<PullReport>> {
  return askDownloader(start, 'model.pull', request, options)
}
