import type { EngineRouteName, EngineRoutes, RouteInput, RouteOutput } from '#shared/contract'
import type { Result } from '#shared/errors'
import type { Placement } from '#shared/devices'
import type { InferenceServer } from '#shared/inferenceServer'
import { UnavailableServers } from './UnavailableServers'
import { EngineClient } from './client'
import type { EngineClientOptions, RequestOptions } from './clientOptions'
import type { Devices } from './devices/Devices'
import type { Revise } from './engineLoss'
import { modelOf, modelWhileAway, reviseRequest } from './reviseRequest'
import type { EnginePort } from '#shared/engineMessages'

/** Routes that only read about a model and never evaluate it, so they need no device. */
const readingRoutes: ReadonlySet<EngineRouteName> = new Set<EngineRouteName>([
  'model.export',
  'model.headers',
  'model.info',
  'model.timesteps',
])

/**
 * A client that places every request on a device before sending it. If the device fails during a request, the
 * client moves that one level down: half of each batch at a time, then the CPU. A server that was given up for the
 * CPU is asked again after some minutes.
 *
 * Whether products may be rounded to TF32 is fixed when a process starts, so requests at that precision have
 * an engine of their own, which is started with the first of them.
 */
export class DeviceAwareClient extends EngineClient {
  readonly #devices: Pick<Devices, 'place' | 'fall'>
  readonly #away: UnavailableServers
  readonly #roundingEngine: EngineClient

  /** @param spawn  starts an engine; its argument is whether NVIDIA's matrix units may round to TF32 */
  constructor(
    spawn: (allowTf32: boolean) => EnginePort,
    devices: Pick<Devices, 'place' | 'fall'>,
    options: Omit<EngineClientOptions, 'revise'> = {},
  ) {
    const away = new UnavailableServers()
    const revise: Revise = (request, loss) => reviseRequest(devices, away, request, loss)
    const revising = { ...options, revise }
    super(() => spawn(false), revising)
    this.#roundingEngine = new EngineClient(() => spawn(true), revising)
    this.#devices = devices
    this.#away = away
  }

  override async request<Name extends EngineRouteName>(
    route: Name,
    input: RouteInput<EngineRoutes[Name]>,
    options: RequestOptions = {},
  ): Promise<Result<RouteOutput<EngineRoutes[Name]>>> {
    const model = readingRoutes.has(route) ? null : modelOf(input)
    if (model === null) return super.request(route, input, options)
    const moved = modelWhileAway(route, model, this.#away)
    if (moved) return super.request(route, { ...input, model: moved }, options)
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

/** Returns the placement on a server, as far as it is known before any request. */
function onServer({ url }: InferenceServer): Placement {
  const exact = { askedPrecision: 'fp32', precision: 'fp32', parts: 1, reason: null } as const
  return { asked: 'server', provider: 'server', device: url, ...exact }
}
