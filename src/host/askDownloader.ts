import type { EnginePort } from '#shared/engineMessages'
import type { Result } from '#shared/errors'
import type { RequestOptions } from './clientOptions'

/**
 * Starts the download process, the only one that may use a network, for a single request, and always ends it
 * afterwards. Aborting ends it too; what has been downloaded is kept, and the next download resumes from
 * there. Never rejects.
 *
 * @param start  starts the download process
 */
export async function askDownloader<Output>(
  start: () => EnginePort,
  route: string,
  input: unknown,
  { onProgress, signal }: Omit<RequestOptions, 'requestId'> = {},
): Promise<Result<Output>> {
  if (signal?.aborted) return cancelled
  const port = start()
  let stop = (): void => undefined
  const answer = new Promise<Result<Output>>((resolve) => {
    stop = () => resolve(cancelled)
    signal?.addEventListener('abort', stop)
    port.onExit((reason) => {
      const message = `The download process ended (${reason}). What has arrived is kept: try again.`
      resolve({ ok: false, error: { code: 'DOWNLOAD_FAILED', message } })
    })
    port.onMessage((message) => {
      if (message.type === 'progress') onProgress?.(message.progress)
      // Our own download process made this value, of the type that its route declares.
      if (message.type === 'response') resolve(message.result as Result<Output>)
    })
    port.send({ type: 'request', id: 'download', route, input })
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
