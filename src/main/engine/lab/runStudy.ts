import { join } from 'node:path'
import type { EngineRoutes, RouteRequest } from '#shared/contract'
import { StudioError } from '#shared/errors'
import type { LabReport, LabRule } from '#shared/lab'
import { loadPicture, type LoadedPicture } from '../latent/encodePicture'
import { settledCompute } from '../model/computeRecord'
import type { Model } from '../model/model'
import type { RequestContext } from '../serve'
import type { EngineServices } from '../services'
import { writeWholeFile } from '../wholeFile'
import { encodeCsv } from './csv'
import { keyOf, type Journal, type JournalEntry, type LabRecipe } from './journal'
import { measureCell, type Bench } from './measureCell'
import { normaliseSweep, planCells } from './planCells'
import { reportStudy } from './report'
import { openStudyFolder } from './studyFolder'
import { nameRule, priceOf, startStudyProgress, type StudyProgress } from './studyProgress'
import { summariseCell } from './summarise'

type LabRequest = RouteRequest<EngineRoutes['lab.run']>

/**
 * Measures every cell of a study and writes what it came to. Each cell is on disk as soon as it is measured, so a study
 * that was interrupted in any way goes on where it was when the same request is made again.
 */
export async function runStudy(
  services: EngineServices,
  { model: source, study, folder }: LabRequest,
  context: RequestContext,
): Promise<LabReport> {
  const model = await services.openModel(source)
  const pictures = await loadPictures(model, study, context)
  const recipe = describeStudy(model, study, pictures)
  requireCells(recipe)
  const journal = await openStudyFolder(folder, recipe)
  const resumedCells = journal.entries.size
  const left = recipe.cells.filter((rule) => !journal.entries.has(keyOf(rule)))
  const total = priceOf(recipe.cells, pictures.length)
  const progress = startStudyProgress(context, { total, done: total - priceOf(left, pictures.length) })
  const bench: Bench = {
    schedule: model.schedule,
    predictEpsilon: services.predictor(model, context, 'export'),
    onEvaluations: progress.advance,
  }
  for (const rule of left) {
    progress.begin(nameRule(rule))
    await journal.append(await measure(rule, recipe, pictures, bench, progress))
  }
  await writeTables(folder, journal, resumedCells)
  return reportStudy(folder, journal, resumedCells)
}

async function loadPictures(
  model: Model,
  { pictures }: LabRequest['study'],
  { signal }: RequestContext,
): Promise<LoadedPicture[]> {
  const loaded: LoadedPicture[] = []
  for (const picture of pictures) {
    signal.throwIfAborted()
    loaded.push(await loadPicture(model, picture))
  }
  return loaded
}

function describeStudy(
  { info, schedule, compute }: Model,
  { pictures, ...sweep }: LabRequest['study'],
  loaded: readonly LoadedPicture[],
): LabRecipe {
  const { cells, skipped } = planCells(sweep, schedule)
  return {
    software: 'Slerp Studio Lab',
    model: { id: info.id, sha256: info.sha256, scheduleHash: info.scheduleHash },
    pictures: loaded.map(({ info: { name, sha256 } }, i) => ({ name, sha256, fit: pictures[i].fit })),
    study: normaliseSweep(sweep),
    cells: [...cells],
    skipped: [...skipped],
    compute: settledCompute(compute),
  }
}

function requireCells({ cells, skipped }: LabRecipe): void {
  if (cells.length > 0) return
  throw new StudioError('BAD_INPUT', `This study has nothing to measure. ${skipped[0].reason}`)
}

/** Measures one cell. A rule under which the network diverges is a finding, not the end of the study. */
async function measure(
  rule: LabRule,
  { study: { batch } }: LabRecipe,
  pictures: readonly LoadedPicture[],
  bench: Bench,
  progress: StudyProgress,
): Promise<JournalEntry> {
  const started = performance.now()
  const elapsed = () => (performance.now() - started) / 1000
  const x0 = pictures.map((picture) => picture.x0)
  try {
    const { measurements, fallbacks } = await measureCell(rule, x0, batch, bench)
    const seconds = elapsed()
    progress.show(summariseCell(rule, { measurements, fallbacks }, seconds))
    return { rule, seconds, outcome: { kind: 'measured', measurements: [...measurements], fallbacks } }
  } catch (error) {
    if (!(error instanceof StudioError) || error.code !== 'NOT_FINITE') throw error
    return { rule, seconds: elapsed(), outcome: { kind: 'failed', reason: error.message } }
  }
}

/** lab.json is the report, less what only the folder itself can tell, and what the figures rest on. */
async function writeTables(folder: string, journal: Journal, resumedCells: number): Promise<void> {
  await writeWholeFile(join(folder, 'lab.csv'), Buffer.from(encodeCsv(journal)), { overwrite: true })
  const {
    folder: _folder,
    finished: _finished,
    files: _files,
    ...report
  } = await reportStudy(folder, journal, resumedCells)
  const json = JSON.stringify({ ...report, recipe: journal.recipe }, null, 2)
  await writeWholeFile(join(folder, 'lab.json'), Buffer.from(`${json}\n`), { overwrite: true })
}
