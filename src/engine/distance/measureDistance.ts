import type { Tensor } from '#core/diffusion/tensor'
import { createKeyedUniform } from '#core/random/gaussian'
import type { Features } from '#core/statistics/featureProducts'
import { frechetDistance, type Moments, MomentSums } from '#core/statistics/frechet'
import { kernelDistance } from '#core/statistics/kernelDistance'
import { leastForPrecision, precisionAndRecall } from '#core/statistics/precisionAndRecall'
import type { ShortSteps } from '#core/statistics/shortSteps'
import type { EngineRoutes, RouteRequest } from '#shared/contract'
import type { DistanceReport, FeatureNetwork } from '#shared/distance'
import { StudioError } from '#shared/errors'
import type { AtomicFile } from '#files/atomicFile'
import type { Pictures } from '../image/Pictures'
import { reportProgress } from '../job/reportProgress'
import type { RequestContext } from '../job/requestContext'
import { runShortSteps } from '../job/runShortSteps'
import { openFeatures, type OpenFeatures } from './openFeatures'
import { openPictureSet, type PictureSet, readPictures } from './pictureSet'
import { openSetSlicer } from './sliceSet'
import { beginStatistics, isStatistics, readStatistics, writeStatistics } from './statisticsFile'

type DistanceRequest = RouteRequest<EngineRoutes['distance.measure']>

/** Pictures per batch of the feature network. */
const batch = 16

/**
 * Limit on the vectors kept per set for measures that compare all pairs; larger sets are sampled evenly.
 * Moments always cover the whole set.
 */
const mostKept = 10_000

/** One side of a comparison by features. */
interface Side {
  readonly pictures: number | null
  readonly moments: Moments
  /** Null for a statistics file, which has no features of single pictures. */
  readonly features: Features | null
}

/**
 * Measures the distance between two sets of pictures: by the features of a network if one is given, otherwise
 * by slices of pixels and textures.
 *
 * @throws StudioError BAD_INPUT, NOT_FOUND, UNREADABLE, BAD_PICTURE, BAD_MODEL or UNSUPPORTED; EXISTS or
 *   UNWRITABLE, before anything is measured, for a file of statistics that cannot be written
 */
export async function measureDistance(
  pictures: Pictures,
  request: DistanceRequest,
  context: RequestContext,
): Promise<DistanceReport> {
  const started = performance.now()
  const seconds = () => (performance.now() - started) / 1000
  if (request.features) {
    const { sides, features } = await compareFeatures(pictures, request, request.features, context)
    return { pictures: { a: sides[0], b: sides[1] }, features, slices: null, seconds: seconds() }
  }
  const [a, b] = [await openSet(request.a, pictures), await openSet(request.b, pictures)]
  const slices = await compareSlices(a, b, context)
  return { pictures: { a: a.paths.length, b: b.paths.length }, features: null, slices, seconds: seconds() }
}

function openSet(path: string, pictures: Pictures): Promise<PictureSet> {
  if (!isStatistics(path)) return openPictureSet(path, pictures)
  throw new StudioError(
    'BAD_INPUT',
    `"${path}" is statistics of features: name the network with --features.`,
    { path },
  )
}

async function compareSlices(
  a: PictureSet,
  b: PictureSet,
  context: RequestContext,
): Promise<DistanceReport['slices']> {
  const { signal } = context
  const progress = reportProgress(context, 'measure', a.paths.length + b.paths.length)
  let done = 0
  const slicer = await openSetSlicer(a, signal)
  const slicesOf = (set: PictureSet) => slicer.slice(set, signal, () => progress(++done))
  try {
    return slicer.compare(await slicesOf(a), await slicesOf(b))
  } finally {
    await slicer.close()
  }
}

async function compareFeatures(
  pictures: Pictures,
  { a, b, saveStatistics, overwrite }: DistanceRequest,
  settings: FeatureNetwork,
  context: RequestContext,
): Promise<{ sides: (number | null)[]; features: NonNullable<DistanceReport['features']> }> {
  const network = await openFeatures(settings)
  let file: AtomicFile | undefined
  try {
    if (saveStatistics !== undefined) file = await beginStatistics(saveStatistics, { overwrite })
    const sideOf = (path: string) => measureSide(path, { pictures, network, context })
    const [one, other] = [await sideOf(a), await sideOf(b)]
    if (file) await writeStatistics(file, one.moments)
    return {
      sides: [one.pictures, other.pictures],
      features: { size: one.moments.mean.length, ...(await compareSides(one, other, context)) },
    }
  } finally {
    await file?.abort()
    await network.close()
  }
}

/**
 * Calculates the measures of two sides. A measure is null if it needs single pictures, or more of them than there
 * are.
 */
async function compareSides(one: Side, other: Side, context: RequestContext) {
  const run = <Result>(label: string, steps: ShortSteps<Result>) => runShortSteps(steps, context, label)
  const frechet = await run('Fréchet distance', frechetDistance(one.moments, other.moments))
  if (!one.features || !other.features) return { frechet, kernel: null, precision: null, recall: null }
  const [real, made] = [one.features, other.features]
  const kernel = await run('kernel distance', kernelDistance(real, made, createKeyedUniform([2])))
  const isEnough = Math.min(real.length, made.length) >= leastForPrecision
  if (!isEnough) return { frechet, kernel, precision: null, recall: null }
  return { frechet, kernel, ...(await run('precision and recall', precisionAndRecall(real, made))) }
}

async function measureSide(
  path: string,
  { pictures, network, context }: { pictures: Pictures; network: OpenFeatures; context: RequestContext },
): Promise<Side> {
  if (isStatistics(path)) return { pictures: null, moments: await readStatistics(path), features: null }
  const set = await openPictureSet(path, pictures)
  const size = network.side === null ? null : { width: network.side, height: network.side }
  const count = set.paths.length
  const progress = reportProgress(context, 'measure', count, { label: path })
  const collector = createCollector(count)
  let waiting: Tensor[] = []
  let done = 0
  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return
    for (const vector of await network.of(waiting)) collector.add(vector)
    done += waiting.length
    waiting = []
    progress(done)
  }
  for await (const picture of readPictures(set, size, context.signal)) {
    // A picture of another size than the one before starts a new batch.
    if (waiting.length === batch || (waiting[0] && waiting[0].shape.join() !== picture.shape.join()))
      await flush()
    waiting.push(picture)
  }
  await flush()
  return { pictures: count, moments: collector.moments(), features: collector.kept }
}

/** Accumulates the moments of all vectors, and keeps a sample of limited size. */
function createCollector(count: number) {
  const stride = Math.max(1, count / mostKept)
  const kept: Float32Array[] = []
  let sums: MomentSums | null = null
  let index = 0
  return {
    kept,
    add(vector: Float32Array): void {
      sums ??= new MomentSums(vector.length)
      sums.add(vector)
      if (index++ >= kept.length * stride) kept.push(vector)
    },
    moments: (): Moments => sums!.moments(),
  }
}
