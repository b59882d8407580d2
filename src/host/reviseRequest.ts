import type { EngineRouteName } from '#shared/contract'
import { modelSource, type ModelSource } from '#shared/modelSource'
import type { UnavailableServers } from './UnavailableServers'
import type { Devices } from './devices/Devices'
import { onCpu, stepDown } from './devices/selectDevice'
import type { LossOfMany, LostRequest, Refusal, Revision } from './engineLoss'

/** The common part of all requests that name a model. */
interface WithModel {
  readonly model: ModelSource
}

/** A model source that was placed. */
type PlacedModel = ModelSource & Required<Pick<ModelSource, 'placement'>>

/**
 * The number of engines that may be lost during a request on a card, while other requests use no card, before the
 * card is suspected. A request that kills every engine has been given up by then.
 */
const spared = 3

/** Routes whose folder holds items of one device at one precision; another one would be refused there. */
const oneDeviceRoutes: ReadonlySet<EngineRouteName> = new Set<EngineRouteName>(['batch.run', 'lab.run'])

/**
 * Decides what is sent instead of a request during which its engine was lost or its server given up: the same one
 * level down if its device may be blamed, and otherwise the same again. Work that has to stay on its device ends
 * with the failure of that device instead.
 *
 * @returns null if it uses no device that could be blamed, or has to stay on one that did not fail itself
 */
export function reviseRequest(
  devices: Pick<Devices, 'fall'>,
  away: UnavailableServers,
  request: LostRequest,
  loss: LossOfMany,
): Revision | Refusal | null {
  const model = placedModelOf(request.input)
  if (model === null) return null
  if (!isBlamed(request, model, loss)) return isOnCard(model) ? unchanged(request) : null
  if (oneDeviceRoutes.has(request.route) && wouldMove(model, loss.cause)) {
    return loss.failed === request ? refusalOf(model) : null
  }
  if (model.server?.fallback === 'cpu') away.note(model.server, loss.cause)
  return lower(devices, request, model, loss.cause)
}

function unchanged({ input }: LostRequest): Revision {
  return { input, message: null }
}

/** Whether the next level down is another device or precision, rather than half of each batch. */
function wouldMove({ server, placement }: PlacedModel, cause: string): boolean {
  const next = stepDown(placement, cause)
  return (
    server !== undefined || next.provider !== placement.provider || next.precision !== placement.precision
  )
}

function refusalOf({ server }: PlacedModel): Refusal {
  return {
    code: server ? 'SERVER_FAILED' : 'DEVICE_FAILED',
    advice: `what is finished is kept. Try again once the ${server ? 'server answers' : 'device works'}, or choose another folder for another device, because all items of a folder come from the same one`,
  }
}

/**
 * Whether the device of a request may be the cause of a loss. If the device did not report the failure itself, it is
 * blamed only if every running request used a card: any other request may have ended the engine, too.
 */
function isBlamed(request: LostRequest, model: PlacedModel, { failed, running }: LossOfMany): boolean {
  if (failed) return request === failed || usesDeviceOf(failed, model)
  if (!isOnCard(model)) return false
  const isAlone = running.every(({ input }) => isOnCard(placedModelOf(input)))
  return isAlone || request.losses > spared
}

function usesDeviceOf(failed: LostRequest, { path, placement }: PlacedModel): boolean {
  const other = placedModelOf(failed.input)
  return other?.path === path && other.placement.provider === placement.provider
}

/** Whether a request asks a server, whose failure says nothing against the engine that asked it. */
export function isOnServer({ input }: Pick<LostRequest, 'input'>): boolean {
  return placedModelOf(input)?.placement.provider === 'server'
}

function isOnCard(model: PlacedModel | null): boolean {
  return model !== null && !['cpu', 'server'].includes(model.placement.provider)
}

/** @returns null if there is nothing below the device */
function lower(
  devices: Pick<Devices, 'fall'>,
  request: LostRequest,
  model: PlacedModel,
  cause: string,
): Revision | null {
  if (model.server) return withoutServer(request, model, cause)
  const placement = devices.fall(model.path, model.placement, cause)
  if (placement === null) return null
  return { input: withModel(request, { ...model, placement }), message: placement.reason ?? cause }
}

/** Moves a request from an unreachable server to the CPU, if the user asked for that. */
function withoutServer(request: LostRequest, model: PlacedModel, cause: string): Revision | null {
  if (model.server?.fallback !== 'cpu' || model.placement.provider !== 'server') return null
  const moved = modelOnCpu(request.route, model, cause)
  return { input: withModel(request, moved), message: moved.placement.reason! }
}

function withModel({ input }: LostRequest, model: PlacedModel): WithModel {
  return { ...(input as WithModel), model }
}

/**
 * Returns a model that the CPU evaluates in the place of its server. A project keeps its server too: it holds the
 * results of both.
 */
function modelOnCpu(route: EngineRouteName, { server, ...model }: ModelSource, cause: string): PlacedModel {
  const moved = { ...model, placement: onCpu('server', 'fp32', `${cause}: the CPU does its work instead.`) }
  return route === 'project.write' ? { ...moved, server } : moved
}

/**
 * Returns the model of a request as the CPU evaluates it if its server was given up lately; null if the server is to
 * be asked, or has to be because of what its folder holds. A project may hold results of the CPU however long ago
 * that was.
 */
export function modelWhileAway(
  route: EngineRouteName,
  model: ModelSource,
  away: UnavailableServers,
): PlacedModel | null {
  if (model.server?.fallback !== 'cpu' || oneDeviceRoutes.has(route)) return null
  const cause = away.causeOf(model.server) ?? (route === 'project.write' ? 'The server may be away' : null)
  return cause === null ? null : modelOnCpu(route, model, cause)
}

/** The engine validates what a caller sends; input without a valid model is left for it to reject. */
export function modelOf(input: unknown): ModelSource | null {
  if (typeof input !== 'object' || input === null || !('model' in input)) return null
  return modelSource.safeParse(input.model).data ?? null
}

function placedModelOf(input: unknown): PlacedModel | null {
  const model = modelOf(input)
  return model?.placement ? { ...model, placement: model.placement } : null
}
