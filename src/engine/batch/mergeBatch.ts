import { isAbsolute, join, relative, sep } from 'node:path'
import { readWholeFile } from '#files/fileAccess'
import { fileLimits } from '#shared/fileLimits'
import { realPathOf } from '#files/realPath'
import { nameSome } from '#core/format/lists'
import { plural } from '#core/format/quantities'
import type { MergeReport } from '#shared/batch'
import type { EngineRoutes, RouteRequest } from '#shared/contract'
import { StudioError } from '#shared/errors'
import { repeatIn, shownFrames } from '#shared/exportFormats'
import { exportTarget, type ExportTarget } from '#shared/exportTarget'
import { openFrameSink } from '../animation/exporters/openFrameSink'
import { addTarget } from '../animation/provenance'
import { decodePng } from '../image/decodePng'
import type { PictureSize } from '#shared/pictureSource'
import { isWholePng } from '../image/wholePng'
import { enlarge } from '#core/picture/enlarge'
import type { Pixels } from '#core/picture/pixels'
import { reportProgress } from '../job/reportProgress'
import type { RequestContext } from '../job/requestContext'
import { itemsOf, nameItem, nameLatent, readItemFolder, type FoundItems } from './itemFolder'
import type { JobRecord } from './records'
import { provenanceInFile } from './sampleProvenance'

type MergeTarget = NonNullable<RouteRequest<EngineRoutes['batch.merge']>['target']>

/**
 * Checks that the shards in a folder are complete and belong to one job, and assembles their items into a
 * film or picture that is identical to the byte to that of a run without shards.
 *
 * @throws StudioError BAD_INPUT for a target in the folder itself; NOT_FOUND if items or whole shards are
 *   missing, naming them; MODEL_MISMATCH if shards have other settings; UNREADABLE if an item is damaged; and
 *   whatever writing throws
 */
export async function mergeBatch(
  { folder, target }: RouteRequest<EngineRoutes['batch.merge']>,
  context: RequestContext,
): Promise<MergeReport> {
  if (target) await requireOutside(folder, target.path)
  const found = await readItemFolder(folder)
  requireOneJob(folder, found)
  requireComplete(folder, found)
  const film = target && targetOf(target, found.job)
  const output = film ? await assemble(folder, found, film, context) : null
  return { folder, shards: found.shards.length, items: itemsOf(found.job).length, output }
}

/** A film in the folder would be taken for something foreign by the next shard. */
async function requireOutside(folder: string, path: string): Promise<void> {
  const way = relative(await realPathOf(folder), await realPathOf(path))
  if (way.split(sep)[0] === '..' || isAbsolute(way)) return
  throw new StudioError(
    'BAD_INPUT',
    `"${path}" lies in the folder of the shards, which holds nothing else: choose a place outside of "${folder}".`,
    { path },
  )
}

/** Fills in what the target leaves open from the film that the items were made for. */
function targetOf(target: MergeTarget, { fps, repeat }: JobRecord): ExportTarget {
  const own = repeat && repeatIn(target.format, repeat)
  return exportTarget.parse({ ...target, fps: target.fps ?? fps, repeat: target.repeat ?? own })
}

function requireOneJob(folder: string, { shards, settings }: FoundItems): void {
  const stranger = shards.find((one) => one.settings !== settings)
  if (!stranger) return
  const { index, count } = stranger.shard
  throw new StudioError(
    'MODEL_MISMATCH',
    `Shard ${index}/${count} in "${folder}" was made by other settings than the folder's: remove its file, and run it again.`,
    { path: folder },
  )
}

function requireComplete(folder: string, { job, shards, names }: FoundItems): void {
  const { content, latents } = job
  const items = itemsOf(job)
  const missing = items.filter(
    (index) => !names.has(nameItem(index, content)) || (latents && !names.has(nameLatent(index))),
  )
  if (missing.length === 0) return
  const count = Math.max(1, ...shards.map(({ shard }) => shard.count))
  const lacking = [...new Set(missing.map((index) => index % count))].sort((a, b) => a - b)
  throw new StudioError(
    'NOT_FOUND',
    `"${folder}" is not complete: ${missing.length} of ${items.length} ${plural(items.length, 'item')} ${plural(missing.length, 'is', 'are')} missing, item ${missing[0]} first. Run ${plural(lacking.length, 'shard')} ${nameSome(lacking, mostNamed)} of ${count} again.`,
    { path: folder, missing: missing.length, shards: lacking },
  )
}

/** Up to this many shards are named in a message; the others are counted. */
const mostNamed = 12

/** @throws StudioError UNREADABLE if the item is damaged, or of another size than `size` */
async function readItem(folder: string, index: number, size?: PictureSize): Promise<Pixels> {
  const path = join(folder, nameItem(index, 'png'))
  const bytes = await readWholeFile(path, fileLimits.exportedPicture)
  if (await isWholePng(bytes, size)) return decodePng(bytes)
  throw new StudioError('UNREADABLE', `"${path}" is damaged: remove it, and run its shard again.`, { path })
}

async function assemble(
  folder: string,
  found: FoundItems,
  target: ExportTarget,
  context: RequestContext,
): Promise<NonNullable<MergeReport['output']>> {
  const { job } = found
  if (job.content !== 'png') {
    throw new StudioError(
      'BAD_INPUT',
      `"${folder}" holds ${job.content} files, and a film is made of pictures: run the shards with --content png.`,
    )
  }
  const made = { ...target, range: target.range ?? job.range }
  const shown = shownFrames(job.items, made)
  const size = await readItem(folder, shown[0])
  const { scale } = target
  const { columns } = (job.provenance['plan'] ?? {}) as { columns?: number }
  const layout = { width: size.width * scale, height: size.height * scale, count: shown.length, columns }
  const provenance = addTarget(JSON.stringify(await provenanceInFile(found, context.signal)), made, job.items)
  const sink = await openFrameSink(target, layout, provenance)
  const progress = reportProgress(context, 'write', shown.length)
  try {
    for (const [i, index] of shown.entries()) {
      context.signal.throwIfAborted()
      await sink.add(enlarge(await readItem(folder, index, size), scale, target.enlargement))
      progress(i + 1)
    }
    return { path: target.path, frames: shown.length, bytes: (await sink.finish()).bytes }
  } catch (error) {
    await sink.abort()
    throw error
  }
}
