import type { Result } from '#shared/errors'
import type { EnginePort } from '#shared/engineMessages'
import type { PullReport, PullRequest } from '#shared/models'
import type { RequestOptions } from '../client'

/**
 * Downloads a model in a process of its own, which is gone afterwards whatever happened. Aborting ends that process; what
 * has arrived is kept, and the next download goes on from there. Never rejects.
 *
 * @param start  starts the download process
 */
export async function pullModel(
  start: () => EnginePort,
  request: PullRequest,
  { onProgress, signal }: Omit<RequestOptions, 'requestId'> = {},
): Promise<Result<PullReport>> {
  if (signal?.aborted) return cancelled
  const port = start()
  let stop = (): void => undefined
  const answer = new Promise<Result<PullReport>>((resolve) => {
    stop = () => resolve(cancelled)
    signal?.addEventListener('abort', stop)
    port.onExit((reason) => {
      const message = `The download process ended (${reason}). What has arrived is kept: try again.`
      resolve({ ok: false, error: { code: 'DOWNLOAD_FAILED', message } })
    })
    port.onMessage((message) => {
      if (message.type === 'progress') onProgress?.(message.progress)
      // Our own download process made this value, of the type that its one route has.
      if (message.type === 'response') resolve(message.result as Result<PullReport>)
    })
    port.send({ type: 'request', id: 'pull', route: 'model.pull', input: request })
  })
  return answer.finally(() => {
    signal?.removeEventListener('abort', stop)
    port.kill()
  })
}

const cancelled: Result<never> = {
  ok: false,
  error: { code: 'CANCELLED', message: 'Cancelled. What has arrived is kept for the next time.' },
}
