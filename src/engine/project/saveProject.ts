import { dirname, isAbsolute, relative, sep } from 'node:path'
import type { StudioDocument } from '#shared/document'
import { requireReadable } from '#shared/documentSize'
import { forModel, planOf, pictureLatentOf } from '#shared/documentLatents'
import { writeDocument } from '#shared/readDocument'
import type { ProjectSaved } from '#shared/project'
import { thumbnailSize } from '#shared/thumbnails'
import type { ResultStore } from '#files/ContentCache'
import { sizeOfFile } from '#files/fileAccess'
import { countFrames } from '#core/timeline/timeline'
import { createRenderCache, type RenderCache } from '../animation/renderCache'
import { planFrame } from '../animation/planFrame'
import { collectFrames } from '../animation/collectFrames'
import type { Job } from '../job/Job'
import { broughtBy, keptKey } from '../job/KeptMemo'
import { encodePicture } from '../latent/encodePicture'
import { createLatentCache } from '../latent/latentCache'
import { previewPicture } from '../latent/previewPicture'
import { resolveStop, resolveStops } from '../latent/resolveLatent'
import { measureRoundTrip } from '../latent/roundTrip'
import { documentName, withArchive, type Archive } from './archive'
import { inOrder } from './findFiles'
import {
  ProjectResults,
  readPartKey,
  readResult,
  writePartKey,
  type FindResult,
  type PartKey,
} from './keptParts'
import type { NewPart } from './readableParts'
import { hashesIn, isUsersPicture, readSource, sourcesOf, takeSource } from './sourceParts'
import { prepareArchive, type PreparedArchive } from './writeArchive'

/** The options of saving a project. */
export interface SaveOptions {
  readonly document: StudioDocument
  readonly path: string
  readonly overwrite: boolean
  /** The project file that the document was opened from, which supplies whatever is found nowhere else. */
  readonly from: string | null
  /**
   * Whether to include all pictures regardless of the document's setting, and from then on, so that the project can
   * move to another machine.
   */
  readonly collect: boolean
  /** Version of the program. */
  readonly app: string
}

/** What saving a project needs. */
export interface SaveSources {
  /**
   * Jobs on the document's model, one for each device whose results are included, the most wanted first; none if that
   * model is missing, in which case the results of the previous project file are copied.
   */
  readonly jobs: readonly Job[]
  readonly disk: ResultStore | undefined
  /** The results in the engine's memory. */
  readonly cache: RenderCache
}

/**
 * Writes a project file: the document, its pictures unless it leaves them out, its latent files, and all
 * cached latents, frames and thumbnails. Computes nothing, except texts of mixes that are not in memory. A missing
 * file is copied from the previous project file.
 *
 * @throws StudioError EXISTS, UNWRITABLE; BAD_INPUT for a document that could not be opened again
 */
export async function saveProject(sources: SaveSources, options: SaveOptions): Promise<ProjectSaved> {
  requireReadable(options.document)
  const { bytes, commit, leftOut } = await prepareFromPrevious(sources, options)
  await commit()
  return { path: options.path, bytes, leftOut }
}

/** A project file that does not have its name yet, and the missing files that it lacks. */
type Prepared = PreparedArchive & Pick<ProjectSaved, 'leftOut'>

/** Prepares the project file, and closes the previous one, which may be the one that it will replace. */
async function prepareFromPrevious(sources: SaveSources, options: SaveOptions): Promise<Prepared> {
  const previous = options.from
  if (previous === null) return prepare(sources, options, null)
  return withArchive(previous, (archive) => prepare(sources, options, archive)).catch((error: unknown) => {
    // A previous project file that is now deleted or damaged must not keep the work from being saved.
    if (isAboutReading(error)) return prepare(sources, options, null)
    throw error
  })
}

function isAboutReading(error: unknown): boolean {
  const { code } = error as { code?: string }
  return code === 'NOT_FOUND' || code === 'UNREADABLE' || code === 'BAD_PROJECT'
}

async function prepare(
  sources: SaveSources,
  options: SaveOptions,
  previous: Archive | null,
): Promise<Prepared> {
  const { jobs, cache } = sources
  const results = new ProjectResults(placesOf(sources, options.document, previous))
  const kept = createRenderCache(createLatentCache(cache.latents.pictures, results), results)
  for (const job of jobs) {
    await findKept(job.with({ computes: 'nothing', projectResults: undefined }), kept, options.document)
  }
  if (jobs.length === 0) await takeOver(results, previous)
  const leftOut: string[] = []
  const parts = partsOf(options, results, previous, leftOut)
  return { ...(await prepareArchive(options.path, parts, options)), leftOut }
}

/**
 * Lists where results are looked up, in order: in the previous project file, among the results that it brought when
 * it was opened, among those computed here, and in memory, for results that the disk does not store.
 */
function placesOf(
  { disk, cache }: SaveSources,
  { projectResults }: StudioDocument,
  previous: Archive | null,
): FindResult[] {
  const onDisk = async ({ kind, name }: PartKey, by: string) =>
    (await disk?.read(keptKey(kind, name, by))) ?? null
  const memories = {
    encoding: cache.latents.encodings,
    roundTrip: cache.latents.roundTrips,
    preview: cache.latents.previews,
    frame: cache.frames,
  }
  return [
    async (key) => previous && readResult(previous, key),
    async (key) => (projectResults === undefined ? null : onDisk(key, broughtBy(projectResults))),
    onDisk,
    async ({ kind, name }, by) => {
      for (const project of [projectResults ?? null, null]) {
        const bytes = memories[kind].inMemory({ name, by, project })
        if (bytes) return Buffer.from(bytes)
      }
      return null
    },
  ]
}

/**
 * Requests all results of the previous project file, because without its model they cannot be requested one
 * by one.
 */
async function takeOver(results: ProjectResults, previous: Archive | null): Promise<void> {
  for (const { key } of Object.values(previous?.parts ?? {})) {
    const part = key === undefined ? null : readPartKey(key)
    if (part) await results.read(keptKey(part.kind, part.name, ''))
  }
}

/** Requests everything that opening the project again will request. What is not cached is skipped. */
async function findKept(job: Job, cache: RenderCache, document: StudioDocument): Promise<void> {
  const { latents } = cache
  const size = thumbnailSize(job.model.info.picture)
  const shown = forModel(document, job.model.info)
  for (const picture of document.pictures) {
    await ifKept(() =>
      previewPicture(latents, job.context.signal, {
        picture: pictureLatentOf(picture, shown).picture,
        ...size,
      }),
    )
    await ifKept(async () => {
      const encoded = await encodePicture(latents, job, pictureLatentOf(picture, shown))
      await measureRoundTrip(latents, job, encoded, document.decode)
    })
  }
  const plan = planOf(shown)
  if (!plan) return
  await ifKept(async () => {
    const stops = await resolveStops(plan, resolveStop(latents, job, plan, { decode: document.decode }))
    for (let frame = 0; frame < countFrames(plan); frame++) {
      await ifKept(() =>
        collectFrames(cache, job, [planFrame(plan, stops, frame)], { settings: document.decode }),
      )
    }
  })
}

/** No failure, such as a damaged picture or a model of another size, should prevent saving. */
async function ifKept(ask: () => Promise<unknown>): Promise<void> {
  await ask().catch(() => undefined)
}

async function* partsOf(
  { document, path, collect, app }: SaveOptions,
  results: ProjectResults,
  previous: Archive | null,
  left: string[],
): AsyncGenerator<NewPart> {
  // The other computer has only the copy: its pictures must stay in it when it is saved there.
  const keepPictures = document.keepPictures || collect
  const written = { ...document, app, keepPictures, projectResults: undefined }
  const saved = await withRelativePaths(written, dirname(path))
  const before = previous === null ? new Map<string, string>() : await hashesIn(previous)
  const hashes = new Map<string, string>()
  for (const source of sourcesOf(saved)) {
    const isOptional = !keepPictures && isUsersPicture(source)
    const part =
      (isOptional ? null : await readSource(source)) ?? (await takeSource(source, previous, before))
    // A picture that has no file any more would be lost with the project that holds it.
    if (isOptional && (part === null || (await sizeOfFile(source.path)) !== null)) continue
    if (part) {
      // Items without a path have different files.
      if (source.path !== '') hashes.set(source.path, part.sha256)
      yield part
    } else if (source.path !== '') left.push(source.path)
  }
  for (const [name, { key, read }] of results.found) {
    const bytes = await read()
    if (bytes) yield { name, key: writePartKey(key), bytes }
  }
  yield { name: documentName, bytes: Buffer.from(JSON.stringify(writeDocument(withHashes(saved, hashes)))) }
}

/**
 * Makes all paths relative to the new project's folder. A missing file gets the place beside the project where it
 * was searched for, because it may come back there rather than at its path.
 */
async function withRelativePaths(document: StudioDocument, folder: string): Promise<StudioDocument> {
  const from = async (path: string, beside: string | undefined): Promise<string | undefined> => {
    const isMissing = beside !== undefined && (await sizeOfFile(path)) === null
    // Only a search turns this into an absolute path; a path that is still relative could lead to another file from
    // here.
    const place = !isMissing ? path : isAbsolute(beside) ? beside : ''
    const way = place === '' ? '' : relative(folder, place)
    // On Windows, there is no relative path to another drive.
    return way === '' || way === place ? undefined : way.split(sep).join('/')
  }
  return {
    ...document,
    pictures: await inOrder(document.pictures, async (picture) => ({
      ...picture,
      relativePath: await from(picture.info.path, picture.relativePath),
    })),
    latents: await inOrder(document.latents, async (latent) =>
      latent.kind === 'file'
        ? { ...latent, relativePath: await from(latent.path, latent.relativePath) }
        : latent,
    ),
  }
}

/** Updates the hashes of sources, so that a file that has changed is found by its new content. */
function withHashes(document: StudioDocument, hashes: ReadonlyMap<string, string>): StudioDocument {
  return {
    ...document,
    pictures: document.pictures.map((picture) => {
      const sha256 = hashes.get(picture.info.path) ?? picture.info.sha256
      return { ...picture, info: { ...picture.info, sha256 } }
    }),
    latents: document.latents.map((latent) =>
      latent.kind === 'file' ? { ...latent, sha256: hashes.get(latent.path) ?? latent.sha256 } : latent,
    ),
  }
}
