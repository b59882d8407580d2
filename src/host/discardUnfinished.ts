import type { EngineRoutes, RouteInput } from '#shared/contract'
import { removeAbandonedWork } from '#files/exportWork'
import type { LostRequest } from './engineLoss'

/**
 * Removes the files of a cancelled request whose engine was lost before it could do so itself. What cannot be
 * removed is left, and the next export to the same place begins with it.
 */
export async function discardUnfinished({
  route,
  input,
}: Pick<LostRequest, 'route' | 'input'>): Promise<void> {
  if (route !== 'animation.export') return
  const { target } = input as RouteInput<EngineRoutes['animation.export']>
  if (!target.keepUnfinished) await removeAbandonedWork(target.path).catch(() => undefined)
}
