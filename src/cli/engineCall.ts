import type { EngineState } from '#shared/app'
import { isReplaced } from '#shared/devices'
import type { EngineRouteName, EngineRoutes, RouteInput, RouteOutput } from '#shared/contract'
import type { EngineClient } from '#host/client'
import { DeviceAwareClient } from '#host/DeviceAwareClient'
import type { ModelSource } from '#shared/modelSource'
import { modelWarnings } from './describeModel'
import { isBundled, type CommandEnvironment } from './installation'
import { unwrapCancelled, withInterrupts } from './interrupts'
import { openDevices } from './openDevices'
import { createPartTeller } from './partTeller'
import { say, showProgress } from './terminal'

/** Calls a route of the running engine; throws if it fails. */
export type EngineCall = <Name extends EngineRouteName>(
  route: Name,
  input: RouteInput<EngineRoutes[Name]>,
) => Promise<RouteOutput<EngineRoutes[Name]>>

/** What each terminating signal prints when it arrives. */
const farewells = {
  SIGINT: 'Stopping after this step; press Ctrl-C again to stop at once.',
  SIGTERM: 'Received SIGTERM: stopping after this step.',
  SIGUSR1: 'Received SIGUSR1: stopping after this step.',
}

/**
 * Runs a command against an engine process of its own, with progress on the terminal, and ends the process
 * afterwards. Ctrl-C, SIGTERM and SIGUSR1 cancel within one step, so that only complete files remain; a
 * second signal ends everything at once.
 *
 * @throws StudioError with `data.signal` if a signal cancelled it
 */
export async function withEngine<Result>(
  installation: CommandEnvironment,
  command: (call: EngineCall) => Promise<Result>,
): Promise<Result> {
  const teller = createTeller()
  const devices = openDevices(installation, teller.once)
  const client = new DeviceAwareClient(
    (tf32) => installation.fork(installation.engineEntry, undefined, tf32),
    devices,
  )
  client.onState((state) => tellState(state, teller))
  try {
    return await withInterrupts(
      farewells,
      () => void client.stop(),
      (signal) => {
        const call: EngineCall = (route, input) => callEngine(client, route, input, signal)
        const warnOf = createModelWarner(installation, call)
        const tellParts = createPartTeller((path) => call('picture.info', { path }))
        return command(async (route, input) => {
          await warnOf(route, input)
          await tellParts(input)
          return call(route, input)
        })
      },
    )
  } finally {
    await Promise.all([client.stop(), devices.close()])
  }
}

/** Routes that only describe a model: `info` prints the warnings about it itself. */
const tellingRoutes: readonly EngineRouteName[] = [
  'model.headers',
  'model.info',
  'model.check',
  'model.timesteps',
]

/**
 * Checks a model before the first work on it, and says what disagrees with its configuration. The result is
 * cached, so later commands do not wait for it; bundled models need no check.
 *
 * @throws StudioError as the work itself would, if the network cannot be run
 */
function createModelWarner(installation: CommandEnvironment, call: EngineCall) {
  let isDone = false
  return async (route: EngineRouteName, input: object): Promise<void> => {
    const { model } = input as { model?: ModelSource | null }
    if (isDone || tellingRoutes.includes(route) || !model) return
    if (isBundled(installation, model.path)) return
    isDone = true
    modelWarnings(await call('model.check', { model })).forEach(say)
  }
}

/** Prints messages on the terminal. */
interface Teller {
  /** Prints a line unless it was printed before, such as why a device is not used. */
  readonly once: (line: string) => void
  /** Prints an event each time that it happens. */
  readonly event: (line: string) => void
  /** Prints what several evaluations may report at the same time, unless it was the last line printed. */
  readonly notice: (line: string) => void
}

function createTeller(): Teller {
  const told = new Set<string>()
  let last = ''
  const event = (line: string): void => {
    say(line)
    told.add(line)
    last = line
  }
  return {
    event,
    once: (line) => (told.has(line) ? undefined : event(line)),
    notice: (line) => (line === last ? undefined : event(line)),
  }
}

/** Tells what happens to the engine, and why it runs on a device other than `--device`. */
function tellState({ state, message, compute }: EngineState, { once, event, notice }: Teller): void {
  if (message) (state === 'ready' ? notice : event)(message)
  if (compute?.reason && isReplaced(compute)) once(compute.reason)
}

async function callEngine<Name extends EngineRouteName>(
  client: EngineClient,
  route: Name,
  input: RouteInput<EngineRoutes[Name]>,
  signal: AbortSignal,
): Promise<RouteOutput<EngineRoutes[Name]>> {
  return unwrapCancelled(await client.request(route, input, { onProgress: showProgress, signal }), signal)
}
