import {
  candidateProviders,
  devices,
  isReplaced,
  type DeviceReport,
  type Placement,
  type Precision,
  type Provider,
} from '#shared/devices'
import type { ModelSource } from '#shared/modelSource'
import { isOutOfMemory } from '#shared/runtimeWords'
import { choose, onCpu, otherPlatform, stepDown, withPrecision } from './selectDevice'
import { verify, refused } from './verify'
import { nameProbe } from './nameProbe'
import { hasNvidiaDriver } from './nvidiaDriver'
import type { ProbeCache } from './ProbeCache'
import { runProbe, type StartProbe, type ProbeTarget } from './runProbe'

export interface DevicesParts {
  readonly startProbe: StartProbe
  readonly openProbeCache: () => Promise<ProbeCache>
  readonly candidates?: readonly Provider[]
  /** How long a request waits for a device's probe before it runs on the CPU. */
  readonly patienceSeconds?: number
  /** After this long, a probe counts as hung and is killed. */
  readonly limitSeconds?: number
  /** Whether this machine has NVIDIA's driver. */
  readonly hasDriver?: () => boolean
  /** The sentence that says how to check a device again. */
  readonly recheck?: string
  /**
   * Told why a request runs on another device or at another precision than was asked for, and why `auto` takes the
   * CPU if the machine has a device that did not pass its test.
   */
  readonly onReplaced?: (reason: string) => void
}

/** The properties of a model source that decide its placement. */
type PlacedSource = Pick<ModelSource, 'path' | 'device' | 'precision'>

/** Knows which devices of this machine have passed their probe, and places requests on them. */
export class Devices {
  readonly #parts: Required<DevicesParts>
  readonly #running = new Map<string, Promise<DeviceReport>>()
  /** Placements of models after a device failed for them, kept until devices are checked again. */
  readonly #fallen = new Map<string, Placement>()
  readonly #closing = new AbortController()
  #probeCache: Promise<ProbeCache> | null = null
  #turn: Promise<unknown> = Promise.resolve()

  constructor(parts: DevicesParts) {
    this.#parts = {
      candidates: candidateProviders(process.platform, process.arch),
      patienceSeconds: 4,
      limitSeconds: 60,
      hasDriver: hasNvidiaDriver,
      recheck: 'Test it with more time: slerp-studio devices.',
      onReplaced: () => undefined,
      ...parts,
    }
  }

  /**
   * Probes every device of this machine again, one after the other, the CPU first, at every precision that it
   * may support. Takes up to a minute per device.
   */
  async check(): Promise<DeviceReport[]> {
    this.#fallen.clear()
    const reports: DeviceReport[] = []
    for (const provider of ['cpu', ...this.#parts.candidates] as const) {
      for (const precision of devices[provider].precisions) {
        const report = await this.#probe({ provider, precision })
        reports.push(report)
        // A device that cannot compute in fp32 cannot compute at lower precision either.
        if (precision === 'fp32' && !report.proved) break
      }
    }
    await (await this.#openProbeCache()).idle()
    return reports
  }

  /** Returns what is known about devices without checking any. */
  async known(): Promise<DeviceReport[]> {
    return (await this.#openProbeCache()).reports
  }

  /**
   * Decides what a model runs on, given the request. Never rejects: the CPU always works, and `reason` says
   * why it was chosen.
   */
  async place(source: PlacedSource): Promise<Placement> {
    const { placement, isMissed } = await this.#choose(source)
    const { reason } = placement
    // Here and not when something is computed: a result that is kept says nothing of its device.
    if (reason !== null && (isMissed || isReplaced(placement))) this.#parts.onReplaced(reason)
    return placement
  }

  async #choose({
    path,
    device,
    precision,
  }: PlacedSource): Promise<{ placement: Placement; isMissed: boolean }> {
    if (device === 'cpu') return { placement: onCpu(device, precision, null), isMissed: false }
    const wanted = device === 'auto' ? this.#parts.candidates : [device]
    const deadline = performance.now() + this.#parts.patienceSeconds * 1000
    const reports: DeviceReport[] = []
    for (const provider of wanted) {
      reports.push(await this.#report({ provider, precision: 'fp32' }, deadline))
    }
    const chosen = await this.#atPrecision(choose(device, reports), precision, deadline)
    const isMissed = device === 'auto' && chosen.provider === 'cpu' && reports.some(isUnexpected)
    const placement = { ...this.#lowest(path, chosen), asked: device, askedPrecision: precision }
    return { placement, isMissed }
  }

  /** Follows the failures recorded for a placement, one after the other. */
  #lowest(path: string, placement: Placement): Placement {
    const lower = this.#fallen.get(fallKey(path, placement))
    return lower === undefined || lower === placement ? placement : this.#lowest(path, lower)
  }

  /**
   * Returns what to try after a device failed, and remembers it for later requests of the same model.
   *
   * @param cause  a clause without a full stop: what the device did
   * @returns null if it was already on the CPU
   */
  fall(path: string, placement: Placement, cause: string): Placement | null {
    if (placement.provider === 'cpu') return null
    const lower = stepDown(placement, cause)
    this.#fallen.set(fallKey(path, placement), lower)
    return lower
  }

  /** Ends the probes that are still running. */
  async close(): Promise<void> {
    this.#closing.abort()
    await (await this.#probeCache)?.idle()
  }

  async #atPrecision(chosen: Placement, precision: Precision, deadline: number): Promise<Placement> {
    const { asked, provider, reason } = chosen
    if (precision === 'fp32') return chosen
    if (provider === 'cpu') return onCpu(asked, precision, reason)
    const offered = devices[provider].precisions.includes(precision)
    const report = offered ? await this.#report({ provider, precision }, deadline) : null
    return withPrecision(chosen, precision, report)
  }

  async #report(trial: ProbeTarget, deadline: number): Promise<DeviceReport> {
    if (!this.#parts.candidates.includes(trial.provider)) {
      return refused(trial, { reason: otherPlatform(trial.provider), remedy: null, isAbsent: true })
    }
    const probeCache = await this.#openProbeCache()
    const known = probeCache.get(trial)
    if (known) return known
    const running = this.#running.get(nameProbe(trial)) ?? this.#probe(trial)
    const report = await orNull(running, deadline - performance.now())
    if (report) return report
    const late = refused(trial, {
      reason: `${nameProbe(trial)} did not pass its test within ${this.#parts.patienceSeconds} s.`,
      remedy: this.#parts.recheck,
    })
    // Perhaps it only started slowly, because the driver was asleep or the machine busy.
    probeCache.keep(late, true)
    return late
  }

  /** Runs one probe at a time: two would slow each other down, and the fastest device is chosen by time. */
  #probe(trial: ProbeTarget): Promise<DeviceReport> {
    const { startProbe, limitSeconds, hasDriver } = this.#parts
    const probe = this.#turn.then(async () => {
      const { signal } = this.#closing
      const outcome = await runProbe(trial, startProbe, { limitSeconds, signal })
      const report = verify(trial, outcome, hasDriver)
      // The probe's network is small: if memory does not suffice for it, another job is using the card.
      const isPassing = !outcome.ok && isOutOfMemory(outcome.words)
      if (outcome.ok || outcome.kind !== 'stopped') (await this.#openProbeCache()).keep(report, isPassing)
      return report
    })
    this.#turn = probe
    this.#running.set(nameProbe(trial), probe)
    return probe.finally(() => this.#running.delete(nameProbe(trial)))
  }

  #openProbeCache(): Promise<ProbeCache> {
    this.#probeCache ??= this.#parts.openProbeCache()
    return this.#probeCache
  }
}

function isUnexpected({ proved, isAbsent }: DeviceReport): boolean {
  return !proved && !isAbsent
}

function fallKey(path: string, { provider, precision }: Placement): string {
  return JSON.stringify([path, provider, precision])
}

/** Returns the result, or null if it takes longer. */
async function orNull<T>(result: Promise<T>, milliseconds: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), Math.max(0, milliseconds))
  })
  return Promise.race([result, late]).finally(() => clearTimeout(timer))
}
