import { makeFolder } from '#files/makeFolder'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { precisions, providers, type DeviceReport } from '#shared/devices'
import { writeAtomicFile } from '#files/atomicFile'
import { nameProbe } from './nameProbe'
import type { ProbeTarget } from './runProbe'

const reportSchema = z.object({
  provider: z.enum(providers),
  device: z.string().nullable(),
  memoryBytes: z.number().nullable(),
  precision: z.enum(precisions),
  proved: z.boolean(),
  deviation: z.number().nullable(),
  milliseconds: z.number().nullable(),
  cpuMilliseconds: z.number().nullable(),
  batch: z.number().nullable(),
  reason: z.string().nullable(),
  remedy: z.string().nullable(),
  isAbsent: z.boolean(),
}) satisfies z.ZodType<DeviceReport>

const contents = z.object({
  fingerprint: z.string(),
  reports: z.array(z.object({ report: reportSchema, time: z.number() })),
})

/** A failed probe is repeated after this long, because not every fix shows in the fingerprint. */
const refusalMilliseconds = 24 * 3600 * 1000

/**
 * The results of probes, kept in a file between runs. It only saves time: if the file is damaged, belongs to
 * another machine or cannot be written, devices are probed again.
 */
export class ProbeCache {
  readonly #reports = new Map<string, { report: DeviceReport; time: number; isPassing?: boolean }>()
  #writing: Promise<void> = Promise.resolve()

  private constructor(
    readonly path: string,
    readonly fingerprint: string,
    readonly now: () => number,
  ) {}

  /** Reads what the file has for the machine with this fingerprint. */
  static async open(path: string, fingerprint: string, now = Date.now): Promise<ProbeCache> {
    const file = new ProbeCache(path, fingerprint, now)
    const text = await readFile(path, 'utf8').catch(() => '')
    const parsed = contents.safeParse(parseJson(text))
    if (!parsed.success || parsed.data.fingerprint !== fingerprint) return file
    for (const kept of parsed.data.reports) file.#reports.set(nameProbe(kept.report), kept)
    return file
  }

  /** All reports, whether the device passed or not. */
  get reports(): DeviceReport[] {
    return [...this.#reports.values()].map(({ report }) => report)
  }

  get(trial: ProbeTarget): DeviceReport | undefined {
    const kept = this.#reports.get(nameProbe(trial))
    if (!kept) return undefined
    const outdated = !kept.report.proved && this.now() - kept.time > refusalMilliseconds
    return outdated ? undefined : kept.report
  }

  /**
   * Stores a report at once in memory, and soon in the file.
   *
   * @param isPassing  whether the next run may well find otherwise, so that it is not written into the file
   */
  keep(report: DeviceReport, isPassing = false): void {
    this.#reports.set(nameProbe(report), { report, time: this.now(), isPassing })
    this.#writing = this.#writing.then(() => this.#write())
  }

  /** Resolves once everything stored is on disk, or could not be written. */
  idle(): Promise<void> {
    return this.#writing
  }

  async #write(): Promise<void> {
    const lasting = [...this.#reports.values()].filter(({ isPassing }) => !isPassing)
    const text = JSON.stringify({ fingerprint: this.fingerprint, reports: lasting })
    try {
      await makeFolder(dirname(this.path))
      await writeAtomicFile(this.path, Buffer.from(text), { overwrite: true })
    } catch {
      // Without a place to remember it, the next run checks again.
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
