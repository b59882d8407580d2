import type { EngineRouteName, EngineRoutes, RouteInput, RouteOutput } from '#shared/contract'
import type { Result } from '#shared/errors'
import type { Placement } from '#shared/devices'
import type { InferenceServer } from '#shared/inferenceServer'
import { modelSource, type ModelSource } from '#shared/modelSource'
import { onCpu } from './devices/selectDevice'
import { EngineClient, type EngineClientOptions, type RequestOptions, type Revision } from './client'
import type { Devices } from './devices/Devices'
import type { EnginePort } from '#shared/engineMessages'

/** The common part of all requests that name a model. */
interface WithModel {
  readonly model: ModelSource
}

/** Routes that only read about a model and never evaluate it, so they need no device. */
const readingRoutes: ReadonlySet<EngineRouteName> = new Set<EngineRouteName>([
  'model.export',
  'model.headers',
  'model.info',
  'model.timesteps',
])

/**
 * A client that places every request on a device before sending it. If the engine is lost during a request,
 * the client moves that one level down: half of each batch at a time, then the CPU.
 *
 * Whether products may be rounded to TF32 is fixed when a process starts, so requests at that precision have
 * an engine of their own, which is started with the first of them.
 */
export class DeviceAwareClient extends EngineClient {
  readonly #devices: Pick<Devices, 'place' | 'fall'>
  readonly #roundingEngine: EngineClient

  /** @param spawn  starts an engine; its argument is whether NVIDIA's matrix units may round to TF32 */
  constructor(
    spawn: (allowTf32: boolean) => EnginePort,
    devices: Pick<Devices, 'place' | 'fall'>,
    options: Omit<EngineClientOptions, 'revise'> = {},
  ) {
    const revising = { ...options, revise: (input: unknown, cause: string) => lower(devices, input, cause) }
    super(() => spawn(false), revising)
    this.#roundingEngine = new EngineClient(() => spawn(true), revising)
    this.#devices = devices
  }

  override async request<Name extends EngineRouteName>(
    route: Name,
    input: RouteInput<EngineRoutes[Name]>,
    options: RequestOptions = {},
  ): Promise<Result<RouteOutput<EngineRoutes[Name]>>> {
    const model = readingRoutes.has(route) ? null : modelOf(input)
    if (model === null) return super.request(route, input, options)
    const placement = model.server ? onServer(model.server) : await this.#devices.place(model)
    const placed = { ...input, model: { ...model, placement } }
    if (placement.precision === 'tf32') return this.#roundingEngine.request(route, placed, options)
    return super.request(route, placed, options)
  }

  override onState(listener: Parameters<EngineClient['onState']>[0]): () => void {
    const stops = [super.onState(listener), this.#roundingEngine.onState(listener)]
    return () => stops.forEach((stop) => stop())
  }

  override async stop(): Promise<void> {
    await Promise.all([super.stop(), this.#roundingEngine.stop()])
  }
}

function lower(devices: Pick<Devices, 'fall'>, input: unknown, cause: string): Revision | null {
  const model = modelOf(input)
  if (!model?.placement) return null
  if (model.server) return withoutServer(input as WithModel, model.server, cause)
  const placement = devices.fall(model.path, model.placement, cause)
  if (placement === null) return null
  const revised = { ...(input as WithModel), model: { ...model, placement } }
  return { input: revised, message: placement.reason ?? cause }
}

/** Returns the placement on a server, as far as it is known before any request. */
function onServer({ url }: InferenceServer): Placement {
  const exact = { askedPrecision: 'fp32', precision: 'fp32', parts: 1, reason: null } as const
  return { asked: 'server', provider: 'server', device: url, ...exact }
}

/** Moves a request from an unreachable server to the CPU, if the user asked for that. */
function withoutServer(input: WithModel, { fallback }: InferenceServer, cause: string): Revision | null {
  if (fallback !== 'cpu') return null
  const { server: _, ...model } = input.model
  const placement = onCpu('server', 'fp32', `${cause}: the CPU does its work instead.`)
  return { input: { ...input, model: { ...model, placement } }, message: placement.reason! }
}

/** The engine validates what a caller sends; input without a valid model is left for it to reject. */
function modelOf(input: unknown): ModelSource | null {
  if (typeof input !== 'object' || input === null || !('model' in input)) return null
  return modelSource.safeParse(input.model).data ?? null
}
