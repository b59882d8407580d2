import { toFailure } from '#shared/errors'
import type { ModelSource } from '#shared/modelSource'
import type { Job } from '../job/Job'
import type { RequestContext } from '../job/requestContext'
import type { SeenServers } from '../model/server/SeenServers'

interface Models {
  /** Opens the model and begins its job. */
  readonly begin: (source: ModelSource) => Promise<Job>
  readonly seen: Pick<SeenServers, 'keep' | 'read'>
}

/**
 * Begins the jobs whose models a project's results are looked up by: the model on its server, and on the CPU if that
 * took over. The model is opened once for both. A model that does not open is left out, because the document must be saved all the same.
 *
 * @throws StudioError DEVICE_FAILED, which a repeated request overcomes; the signal's reason once it is aborted
 */
export async function beginSaving(
  model: ModelSource,
  context: RequestContext,
  { begin, seen }: Models,
): Promise<Job[]> {
  const job = await begin(model).catch(nullWithNotice(context))
  context.signal.throwIfAborted()
  await seen.keep()
  if (job === null) return []
  const { server, placement } = model
  if (server && (await seen.read(server)) === null) context.notice?.(unknownServer(server.url))
  const { standIn } = job.model
  const tookOver = standIn !== null && placement !== undefined && placement.provider !== 'server'
  return tookOver ? [job, job.with({ model: { ...job.model, ...standIn } })] : [job]
}

function unknownServer(url: string): string {
  return `The server ${url} was never reached with this cache: of what it computed, only what the last project file holds is saved.`
}

/** Error codes for a path that holds no usable model. */
const noModelCodes: readonly unknown[] = ['NOT_FOUND', 'UNREADABLE', 'BAD_MODEL', 'UNSUPPORTED']

/**
 * Returns a handler for a job that cannot start: it answers null and, unless the path holds no usable model, says
 * what the save will lack.
 */
function nullWithNotice({ signal, notice }: RequestContext): (error: unknown) => null {
  return (error) => {
    const { code, message } = toFailure(error)
    if (code === 'DEVICE_FAILED' || signal.aborted) throw error
    if (!noModelCodes.includes(code))
      notice?.(
        `Saved without what was computed since the last time, because the model does not open: ${message}`,
      )
    return null
  }
}
