import { dirname } from 'node:path'
import { latentTolerances } from '#shared/devices'
import type { DocumentPicture, StudioDocument } from '#shared/document'
import { forModel, lacksPath, pictureLatentOf } from '#shared/documentLatents'
import { toFailure } from '#shared/errors'
import { requireItsModel, type LatentVerified, type ProjectVerified } from '#shared/project'
import { combineProgress } from '../job/combineProgress'
import { NotCachedError, type Job } from '../job/Job'
import type { EncodedPicture } from '../latent/encodedPicture'
import { encodePicture, type PictureLatentSource } from '../latent/encodePicture'
import { differenceOf } from '../latent/latentDifference'
import { createLatentCache, type LatentCache } from '../latent/latentCache'
import { machineName } from '../latent/machine'
import { settledCompute } from '../model/network/computeRecord'
import type { Pictures } from '../image/Pictures'
import { documentName, withArchive, type Archive } from './archive'
import { findFiles } from './findFiles'
import { withoutForeignShares } from './foreignShares'
import { ProjectResults, readResult } from './keptParts'
import { describeAbsent, documentOf, unpackWherePossible } from './openProject'

/** What verifying a project needs. */
export interface VerifySources {
  readonly job: Job
  readonly pictures: Pictures
}

/**
 * Verifies the checksums of a project, encodes its pictures again and compares the results with its
 * stored latents. They are identical to the bit on the same machine and device, and within
 * `latentTolerances` elsewhere.
 *
 * @param unpackTo  folder for pictures that exist only in the project
 * @throws StudioError MODEL_MISMATCH if the job's model is not the project's; otherwise as `openProject`
 */
export function verifyProject(
  { job, pictures }: VerifySources,
  path: string,
  unpackTo: string,
): Promise<ProjectVerified> {
  return withArchive(path, async (archive) => {
    const read = await documentOf(path, archive)
    requireItsModel(read.document, job.model.info, path)
    const { damaged, absent } = await checkParts(archive)
    const folder = dirname(path)
    const own = withoutForeignShares(read.document, { folder, knownFolders: [] })
    const unpacking = unpackWherePossible(archive, unpackTo)
    const { document, missing } = await findFiles(own, pictures, job.context.signal, {
      folder,
      others: [],
      unpack: unpacking.unpack,
    })
    const kept = createLatentCache(pictures, new ProjectResults([(key) => readResult(archive, key)]))
    const costs = document.pictures.map(() => ({ encode: document.encode.steps, decode: 0 }))
    const contexts = combineProgress(job.context, costs)
    const latents: LatentVerified[] = []
    for (const [at, picture] of document.pictures.entries()) {
      const isMissing = lacksPath(picture) || missing.includes(picture.info.path)
      latents.push(
        await verifyLatent(job.with({ context: contexts[at] }), kept, { document, picture, isMissing }),
      )
    }
    const problems = [...describeAbsent(absent), ...unpacking.problems]
    return { path, damaged, absent, problems, latents }
  })
}

/** Returns the names of the damaged parts, and how many are listed and not in the file. */
async function checkParts(archive: Archive): Promise<Pick<ProjectVerified, 'damaged' | 'absent'>> {
  const damaged: string[] = []
  const listed = Object.keys(archive.parts)
  const present = listed.filter((name) => archive.has(name))
  for (const name of present) {
    if (name === documentName) continue
    await archive.read(name).catch(() => damaged.push(name))
  }
  return { damaged, absent: listed.length - present.length }
}

async function verifyLatent(
  job: Job,
  keptCache: LatentCache,
  {
    document,
    picture,
    isMissing,
  }: { document: StudioDocument; picture: DocumentPicture; isMissing: boolean },
): Promise<LatentVerified> {
  const source = pictureLatentOf(picture, forModel(document, job.model.info))
  const told = { id: picture.id, name: picture.name, difference: null, tolerance: null, compute: null }
  const kept = await findKept(job, keptCache, source)
  if (kept === null) return { ...told, verdict: 'notKept' }
  const { compute } = kept
  if (isMissing) return { ...told, compute, verdict: 'pictureMissing' }
  // An empty cache, so that no stored result is used instead of the network.
  const again = await encodePicture(createLatentCache(keptCache.pictures), job, source)
  const isSame = isSameMachine(kept, job)
  const tolerance = isSame
    ? 0
    : Math.max(latentTolerances[compute.precision], latentTolerances[job.model.compute.precision])
  const difference = differenceOf(kept.latent, again.latent)
  const verdict = difference === 0 ? 'identical' : difference <= tolerance ? 'within' : 'different'
  return { ...told, compute, verdict, difference, tolerance }
}

async function findKept(
  job: Job,
  cache: LatentCache,
  source: PictureLatentSource,
): Promise<EncodedPicture | null> {
  try {
    return await encodePicture(cache, job.with({ computes: 'nothing' }), source)
  } catch (error) {
    // A latent that would have to be computed, or whose picture is missing, is not in the project.
    if (error instanceof NotCachedError || toFailure(error).code === 'NOT_FOUND') return null
    throw error
  }
}

/**
 * Whether equal work gives equal bits: the same kind of processor, device, precision, runtime and threads.
 */
function isSameMachine({ machine, compute }: EncodedPicture, job: Job): boolean {
  const [theirs, ours] = [compute, job.model.compute].map((one) => JSON.stringify(settledCompute(one)))
  return machine === machineName() && theirs === ours
}
