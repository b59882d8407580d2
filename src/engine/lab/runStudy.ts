import { DomainError } from '#core/DomainError'
import { cleanTimestep, type NoiseSchedule } from '#core/diffusion/noiseSchedule'
import type { SolverSettings } from '#core/diffusion/settings'
import type { EngineRoutes, RouteRequest } from '#shared/contract'
import { StudioError } from '#shared/errors'
import type { Shard } from '#shared/batch'
import { settingsId, type LabReport } from '#shared/lab'
import { costOfFigures } from '#shared/labFigures'
import type { RenderCache } from '../animation/renderCache'
import type { Job } from '../job/Job'
import { requireInverse } from '../latent/encodePicture'
import { FractionalTimestepError } from '../model/network/FractionalTimestepError'
import { codePictures } from './codePictures'
import type { Journal, JournalEntry } from './journal'
import { measureCell, type CellResult } from './measureCell'
import { describeStudy } from './studyManifest'
import { measuredCells, reportStudy } from './report'
import { loadStudyPictures, type StudyPicture } from './studyPictures'
import { inStudyFolder, openStudyFolder } from './studyFolder'
import { requireShardFits, shardFolder } from './studyShards'
import { solverSettingsName } from '#core/format/solverNames'
import { costOf, startStudyProgress, type StudyProgress } from './studyProgress'
import { summariseCell } from './summarise'
import { writePictureFigures, writeReport, writeTable } from './writeStudy'

type LabRequest = RouteRequest<EngineRoutes['lab.run']>

/**
 * Measures every cell of a study and writes the results. Each cell is written to disk as soon as it is
 * measured, so a study that was interrupted for any reason resumes when the same request is made again. A
 * shard measures only its own cells and leaves everything else to {@link mergeStudy}.
 *
 * @throws StudioError UNSUPPORTED for a model without an inverse, before anything is computed
 */
export async function runStudy(cache: RenderCache, job: Job, request: LabRequest): Promise<LabReport> {
  const { study, shard } = request
  requireInverse(job, 'A study encodes every picture: choose')
  const folder = shard ? await shardFolder(request.folder, shard) : request.folder
  const loaded = await loadStudyPictures(cache, job, study.stops)
  const records = loaded.map(({ record }) => record)
  const manifest = describeStudy(job.model, study, records)
  if (shard) await requireShardFits(request.folder, manifest, job.model.compute)
  return inStudyFolder(folder, async () => {
    const journal = await openStudyFolder(folder, manifest, job.model.compute)
    return measureStudy(cache, job, { ...request, folder }, { journal, loaded })
  })
}

/** What is measured, and where it is recorded. */
interface Subjects {
  readonly journal: Journal
  readonly loaded: readonly StudyPicture[]
}

async function measureStudy(
  cache: RenderCache,
  job: Job,
  { study, folder, figures, shard }: LabRequest,
  { journal, loaded }: Subjects,
): Promise<LabReport> {
  const resumedCells = measuredCells(journal).length
  const progress = startStudyProgress(job.context, costOfStudy(journal, shard, figures, job.model.schedule))
  const counted = job.with({ onEvaluation: progress.advance })
  const missing = cellsOf(journal, shard).filter((cell) => !journal.entries.has(settingsId(cell)))
  if (missing.length > 0) {
    if (!job.isLossless) progress.begin('measure', 'the autoencoder alone')
    const pictures = loaded.map(({ picture }) => picture)
    const coded = await codePictures(pictures, study.batch, counted)
    const conditions = loaded.map(({ condition }) => condition)
    const measure = (settings: SolverSettings) =>
      measureCell(settings, coded, { ...study, conditions }, counted)
    await measureCells(journal, missing, measure, progress)
  }
  if (shard) return reportStudy(folder, journal, resumedCells)
  await writeTable(folder, journal)
  const studio = { cache, job: counted, study }
  const leftOut = figures ? await writePictureFigures(folder, journal, studio, progress) : []
  await writeReport(folder, await reportStudy(folder, journal, resumedCells, leftOut), journal.manifest)
  return reportStudy(folder, journal, resumedCells, leftOut)
}

/**
 * Returns the cells that are measured here: all of them, or every n-th, so that each shard gets both cheap
 * and expensive ones.
 */
function cellsOf({ manifest: { cells } }: Journal, shard?: Shard): readonly SolverSettings[] {
  return shard ? cells.filter((_, k) => k % shard.count === shard.index) : cells
}

/**
 * Counts the evaluations of a study or one of its shards: in total, and those already spent by an
 * earlier run.
 */
function costOfStudy(
  journal: Journal,
  shard: Shard | undefined,
  figures: boolean,
  schedule: NoiseSchedule,
): { total: number; done: number } {
  const { manifest, entries } = journal
  const { pictures, study } = manifest
  const onSchedule = (settings: SolverSettings) => ({
    ...settings,
    cleanTimestep: cleanTimestep(schedule),
  })
  const cells = cellsOf(journal, shard).map(onSchedule)
  const drawing =
    figures && !shard
      ? costOfFigures(manifest.cells.map(onSchedule), pictures.length, study.steps).evaluations
      : 0
  return {
    total: costOf(cells, pictures.length) + drawing,
    done: costOf(
      cells.filter((cell) => entries.has(settingsId(cell))),
      pictures.length,
    ),
  }
}

async function measureCells(
  journal: Journal,
  cells: readonly SolverSettings[],
  measure: (settings: SolverSettings) => Promise<CellResult>,
  progress: StudyProgress,
): Promise<void> {
  for (const settings of cells) {
    progress.begin('measure', solverSettingsName(settings))
    const { outcome, seconds } = await outcomeOf(() => measure(settings))
    await journal.append({ settings, seconds, outcome })
    if (outcome.kind === 'measured') progress.show(summariseCell(settings, outcome, seconds))
  }
}

/**
 * Measures a cell. If it cannot be run, or diverges, because of its settings, that is a result and does not
 * end the study.
 */
async function outcomeOf(
  measure: () => Promise<CellResult>,
): Promise<Pick<JournalEntry, 'outcome' | 'seconds'>> {
  const started = performance.now()
  try {
    const { measurements, fallbacks, seconds } = await measure()
    const finite = measurements.every((measurement) => Object.values(measurement).every(Number.isFinite))
    if (!finite) return { seconds, outcome: failed('The latents are not finite: the solver diverged.') }
    return { seconds, outcome: { kind: 'measured', measurements: [...measurements], fallbacks } }
  } catch (error) {
    if (!isOfItsSettings(error)) throw error
    return { seconds: (performance.now() - started) / 1000, outcome: failed(error.message) }
  }
}

function failed(reason: string): JournalEntry['outcome'] {
  return { kind: 'failed', reason }
}

/**
 * Whether a cell would fail in the same way however often it is run. Other failures may be those of the
 * machine or a server, and are not recorded for good.
 */
function isOfItsSettings(error: unknown): error is Error {
  if (error instanceof DomainError || error instanceof FractionalTimestepError) return true
  return error instanceof StudioError && error.code === 'NOT_FINITE'
}
