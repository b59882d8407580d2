import { DomainError } from '#core/DomainError'
import type { SolverSettings } from '#core/diffusion/settings'
import { join } from 'node:path'
import type { LabFile, LabReport } from '#shared/lab'
import { writeAtomicFile } from '#files/atomicFile'
import { nameCompute } from '../job/otherCompute'
import { encodeCsv } from './csv'
import { drawCurves } from './figures/curves'
import { chooseFigureSettings } from './figures/figureSettings'
import type { Studio } from './figures/figureFrames'
import { pictureFigures } from './figures/pictureFigures'
import type { JournalContent, StudyManifest } from './journal'
import { measuredCells } from './report'
import type { StudyProgress } from './studyProgress'
import { listStudyFiles } from './studyFolder'

/** Writes lab.csv and the curves. */
export async function writeTable(folder: string, content: JournalContent): Promise<void> {
  await write(folder, 'lab.csv', Buffer.from(encodeCsv(content)))
  const cells = measuredCells(content)
  if (cells.length > 0) await write(folder, 'curves.png', await drawCurves(cells, describe(content)))
}

/**
 * Writes lab.json: the parts of a report that do not depend on its folder. It is written last, so its
 * presence means that the study is complete.
 */
export async function writeReport(
  folder: string,
  { cells, skipped, notes, seconds }: LabReport,
  manifest: StudyManifest,
): Promise<void> {
  const { software, model, pictures, study, compute } = manifest
  const json = JSON.stringify(
    { software, model, pictures, study, compute, seconds, cells, skipped, notes },
    null,
    2,
  )
  await write(folder, 'lab.json', Buffer.from(`${json}\n`))
}

function describe({ manifest: { model, pictures, compute } }: JournalContent): string {
  const on = pictures.length === 1 ? `"${pictures[0].name}"` : `mean over ${pictures.length} pictures`
  return `${model.id}, ${on}, ${nameCompute(compute)}`
}

/**
 * Draws the picture figures that are still missing. Returns one sentence for each figure that it omits, with
 * the reason.
 */
export async function writePictureFigures(
  folder: string,
  content: JournalContent,
  studio: Studio,
  progress: StudyProgress,
): Promise<string[]> {
  const cells = measuredCells(content)
  if (cells.length === 0) return []
  const settings: SolverSettings = chooseFigureSettings(cells)
  const present = await listStudyFiles(folder)
  const alike = cells.filter(
    ({ solver, timestepSpacing, eta }) =>
      [solver, timestepSpacing, eta].join() ===
      [settings.solver, settings.timestepSpacing, settings.eta].join(),
  )
  const steps = alike.map((cell) => cell.steps)
  const leftOut: string[] = []
  for (const figure of pictureFigures(studio.study.stops.length)) {
    if (present.includes(figure.file)) continue
    progress.begin('write', figure.file)
    try {
      await write(folder, figure.file, await figure.draw(studio, settings, steps))
    } catch (error) {
      // Latents of different kinds or timesteps can each be measured, but not interpolated.
      if (!(error instanceof DomainError)) throw error
      leftOut.push(`${figure.file} is left out. ${error.message}`)
    }
  }
  return leftOut
}

function write(folder: string, file: LabFile, bytes: Uint8Array): Promise<void> {
  return writeAtomicFile(join(folder, file), bytes, { overwrite: true })
}
