import { makeFolder } from '#files/makeFolder'
import { dirname } from 'node:path'
import { z } from 'zod'
import { modelUse, type ModelUse } from '#shared/models'
import { meanOf } from '#core/numbers/mean'
import { findPictureChange } from '#core/diffusion/pictureChange'
import type { EncodeReport, ModelPace } from '#shared/reports'
import { writeAtomicFile } from '#files/atomicFile'
import { readJson } from '#files/fileAccess'

const kept = 200
/** The most pictures in the mean PSNR of a model. */
const keptPictures = 100
const usesFile = z.record(z.string(), modelUse)

/** The parts of a report that are noted after an encoding. */
type NotedReport = Pick<
  EncodeReport,
  | 'seconds'
  | 'evaluations'
  | 'compute'
  | 'source'
  | 'fidelity'
  | 'healthBefore'
  | 'encode'
  | 'decode'
  | 'prompts'
>

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
   * Records the performance of one encoding. Its PSNR counts once for each picture, and only if nothing but the
   * steps and an autoencoder can have changed the picture.
   */
  async note(
    model: string,
    report: NotedReport,
    {
      secondsPerEvaluation,
      secondsPerDecoding,
    }: Pick<ModelPace, 'secondsPerEvaluation' | 'secondsPerDecoding'>,
  ): Promise<void> {
    const { seconds, evaluations, compute } = report
    const isUntimed = seconds === 0 || evaluations === 0
    if (this.path === null || secondsPerEvaluation === null || isUntimed) return
    const uses = new Map(await this.read())
    const before = uses.get(model)
    const psnrOf = Object.fromEntries(
      [...Object.entries(before?.psnrOf ?? {}), ...countedPsnr(report)].slice(-keptPictures),
    )
    const psnrs = Object.values(psnrOf)
    // The latest goes last, so that the oldest is dropped first.
    uses.delete(model)
    uses.set(model, {
      evaluationMilliseconds: 1000 * secondsPerEvaluation,
      decodingMilliseconds: secondsPerDecoding === null ? null : 1000 * secondsPerDecoding,
      psnr: psnrs.length === 0 ? (before?.psnr ?? null) : meanOf(psnrs),
      pictures: psnrs.length === 0 ? (before?.pictures ?? 0) : psnrs.length,
      psnrOf,
      device: compute?.device ?? null,
    })
    await this.#write(new Map([...uses].slice(-kept)))
  }

  async #write(uses: ReadonlyMap<string, ModelUse>): Promise<void> {
    const path = this.path!
    try {
      await makeFolder(dirname(path))
      await writeAtomicFile(path, Buffer.from(`${JSON.stringify(Object.fromEntries(uses))}\n`), {
        overwrite: true,
      })
    } catch {
      // A disk that is full or read-only is no reason for an encoding to fail.
    }
  }
}

/** Returns the PSNR of a report by the name of its picture in the record, if it counts. */
function countedPsnr({ source, fidelity, ...settings }: NotedReport): [string, number][] {
  if (!source || !fidelity || !Number.isFinite(fidelity.psnr)) return []
  return findPictureChange(settings) !== null ? [] : [[source.sha256.slice(0, 16), fidelity.psnr]]
}
