import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { precisions, providers, type DeviceReport } from '#shared/devices'
import { writeWholeFile } from '../wholeFile'
import { nameTrial } from './nameTrial'
import type { Trial } from './runProbe'

const report = z.object({
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
}) satisfies z.ZodType<DeviceReport>

const contents = z.object({
  fingerprint: z.string(),
  proofs: z.array(z.object({ report, time: z.number() })),
})

/** What did not work is tried again after this long: not everything that mends it shows in the fingerprint. */
const refusalMilliseconds = 24 * 3600 * 1000

/**
 * What devices proved, kept between runs in a file. It is only a saving of time: a file that is damaged, of another
 * machine or not to be written means that devices are checked again.
 */
export class ProofFile {
  readonly #proofs = new Map<string, { report: DeviceReport; time: number }>()
  #writing: Promise<void> = Promise.resolve()

  private constructor(
    readonly path: string,
    readonly fingerprint: string,
    readonly now: () => number,
  ) {}

  /** Reads what the file has on the machine of this fingerprint. */
  static async open(path: string, fingerprint: string, now = Date.now): Promise<ProofFile> {
    const file = new ProofFile(path, fingerprint, now)
    const text = await readFile(path, 'utf8').catch(() => '')
    const parsed = contents.safeParse(parseJson(text))
    if (!parsed.success || parsed.data.fingerprint !== fingerprint) return file
    for (const proof of parsed.data.proofs) file.#proofs.set(nameTrial(proof.report), proof)
    return file
  }

  get(trial: Trial): DeviceReport | undefined {
    const proof = this.#proofs.get(nameTrial(trial))
    if (!proof) return undefined
    const outdated = !proof.report.proved && this.now() - proof.time > refusalMilliseconds
    return outdated ? undefined : proof.report
  }

  /** Takes a report in at once, and into the file soon. */
  keep(report: DeviceReport): void {
    this.#proofs.set(nameTrial(report), { report, time: this.now() })
    this.#writing = this.#writing.then(() => this.#write())
  }

  /** Resolves when all that was kept is on disk, or could not be. */
  idle(): Promise<void> {
    return this.#writing
  }

  async #write(): Promise<void> {
    const text = JSON.stringify({ fingerprint: this.fingerprint, proofs: [...this.#proofs.values()] })
    try {
      await mkdir(dirname(this.path), { recursive: true })
      await writeWholeFile(this.path, Buffer.from(text), { overwrite: true })
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
