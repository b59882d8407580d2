import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { modelUse, type ModelUse } from '#shared/models'
import type { LatentReport } from '#shared/reports'
import { writeAtomicFile } from '#files/atomicFile'
import { readJson } from '#files/fileAccess'

const kept = 200
const usesFile = z.record(z.string(), modelUse)

/** How models performed on this machine, kept in a file between runs. Failed writes are ignored. */
export class ModelUses {
  /** @param path  of the file; null to keep nothing */
  constructor(private readonly path: string | null) {}

  /** Reads the uses, keyed by the path of each model. */
  async read(): Promise<ReadonlyMap<string, ModelUse>> {
    if (this.path === null) return new Map()
    const parsed = usesFile.safeParse(await readJson(this.path, 'UNREADABLE').catch(() => ({})))
    return new Map(Object.entries(parsed.data ?? {}))
  }

  /**
   * Records the performance of one encoding.
   *
   * @param secondsPerEvaluation  null if it is not known
   */
  async note(
    model: string,
    { seconds, evaluations, fidelity, compute }: LatentReport,
    secondsPerEvaluation: number | null,
  ): Promise<void> {
    const isUntimed = seconds === 0 || evaluations === 0
    if (this.path === null || secondsPerEvaluation === null || isUntimed) return
    const uses = new Map(await this.read())
    const before = uses.get(model)
    const psnr = fidelity && Number.isFinite(fidelity.psnr) ? fidelity.psnr : null
    const pictures = (before?.pictures ?? 0) + (psnr === null ? 0 : 1)
    // The latest goes last, so that the oldest is dropped first.
    uses.delete(model)
    uses.set(model, {
      evaluationMilliseconds: 1000 * secondsPerEvaluation,
      psnr: psnr === null ? (before?.psnr ?? null) : meanOf(before, psnr, pictures),
      pictures,
      device: compute?.device ?? null,
    })
    await this.#write(new Map([...uses].slice(-kept)))
  }

  async #write(uses: ReadonlyMap<string, ModelUse>): Promise<void> {
    const path = this.path!
    try {
      await mkdir(dirname(path), { recursive: true })
      await writeAtomicFile(path, Buffer.from(`${JSON.stringify(Object.fromEntries(uses))}\n`), {
        overwrite: true,
      })
    } catch {
      // A disk that is full or read-only is no reason for an encoding to fail.
    }
  }
}

function meanOf(before: ModelUse | undefined, psnr: number, pictures: number): number {
  const mean = before?.psnr ?? psnr
  return mean + (psnr - mean) / pictures
}
