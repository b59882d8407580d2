import type { EngineRouteName, EngineRoutes, RouteInput, RouteOutput } from '#shared/contract'
import type { Result } from '#shared/errors'
import { modelSource, type ModelSource } from '#shared/settings'
import { EngineClient, type EngineClientOptions, type RequestOptions, type Revision } from './client'
import type { Devices } from './devices/Devices'
import type { EnginePort } from './messages'

/** What requests share that name a model. */
interface WithModel {
  readonly model: ModelSource
}

/** Routes that read about a model and never evaluate it: no device is checked for them. */
const readingRoutes: ReadonlySet<EngineRouteName> = new Set<EngineRouteName>(['model.info', 'model.nodes'])

/**
 * A client that places every request on a device before it is sent, and on the next lower one when the engine is lost
 * under it: half of each batch at a time, then the CPU.
 */
export class PlacedEngine extends EngineClient {
  readonly #devices: Pick<Devices, 'place' | 'fall'>

  constructor(
    spawn: () => EnginePort,
    devices: Pick<Devices, 'place' | 'fall'>,
    options: Omit<EngineClientOptions, 'revise'> = {},
  ) {
    super(spawn, { ...options, revise: (input, cause) => lower(devices, input, cause) })
    this.#devices = devices
  }

  override async request<Name extends EngineRouteName>(
    route: Name,
    input: RouteInput<EngineRoutes[Name]>,
    options: RequestOptions = {},
  ): Promise<Result<RouteOutput<EngineRoutes[Name]>>> {
    if (readingRoutes.has(route) || !namesModel(input)) return super.request(route, input, options)
    const placement = await this.#devices.place(input.model)
    return super.request(route, { ...input, model: { ...input.model, placement } }, options)
  }
}

function lower(devices: Pick<Devices, 'fall'>, input: unknown, cause: string): Revision | null {
  if (!namesModel(input) || !input.model.placement) return null
  const { path, placement: before } = input.model
  const placement = devices.fall(path, before, cause)
  if (placement === null) return null
  return { input: { ...input, model: { ...input.model, placement } }, message: placement.reason ?? cause }
}

/** What a caller sends is checked by the engine; here, what is no model is left for it to refuse. */
function namesModel(input: unknown): input is WithModel {
  if (typeof input !== 'object' || input === null || !('model' in input)) return false
  return modelSource.safeParse(input.model).success
}
