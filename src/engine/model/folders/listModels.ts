import { stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { bundledModels, presetKindOf } from '#shared/bundledModels'
import { StudioError, toFailure } from '#shared/errors'
import { isGraphFile, networkFolders } from '#shared/fileKinds'
import type { ModelList, ModelRow, ModelUse } from '#shared/models'
import type { PresetKind } from '#shared/presets'
import { hubCacheFolder, offlineVariable, repositoryOfFolder } from '#files/hubCache'
import { locateModel } from './locateModel'
import { hashFiles, inspectModel, type ModelInspection } from './modelInfo'
import { namesIn } from './onDisk'

/** The places that are searched for models. */
export interface ModelPlaces {
  /** The bundled models. */
  readonly bundled: readonly string[]
  /** Models, or folders that directly contain models. */
  readonly folders: readonly string[]
}

/**
 * Lists the models on this computer. A model that does not open is listed with the reason; unrelated folders
 * are left out. Never fails: anything unreadable becomes a row too.
 *
 * @param uses  past performance of each model, by path
 */
export async function listModels(
  { bundled, folders }: ModelPlaces,
  uses: ReadonlyMap<string, ModelUse>,
): Promise<ModelList> {
  const cacheFolder = hubCacheFolder()
  const names = (await namesIfReadable(cacheFolder)).filter((name) => repositoryOfFolder(name) !== null)
  const [own, cached, named] = await Promise.all([
    Promise.all(bundled.map((path) => describeRow(path, { place: 'bundled', folder: null }, uses))),
    Promise.all(names.map((name) => describeRepository(join(cacheFolder, name), uses))),
    Promise.all(folders.map((folder) => describeFolder(folder, uses))),
  ])
  return {
    // A model may be found in several ways, as in the cache and by its path; it is still one model.
    rows: withoutRepeats([...own, ...cached.flat(), ...named.flat()]),
    cacheFolder,
    others: cached.filter((found) => found.length === 0).length,
    isOffline: offlineVariable() !== null,
  }
}

function withoutRepeats(rows: readonly ModelRow[]): ModelRow[] {
  return rows.filter((row, i) => rows.findIndex(({ path }) => path === row.path) === i)
}

/** Describes the models that an entry of the user's list names or contains. */
async function describeFolder(folder: string, uses: ReadonlyMap<string, ModelUse>): Promise<ModelRow[]> {
  const paths = await modelsIn(folder)
  return Promise.all(paths.map((path) => describeRow(path, { place: 'folder', folder }, uses)))
}

/** The time limit for inspecting one model, in milliseconds: a disk that hangs must not hide the others. */
const longestLook = 5000

async function describeRow(
  path: string,
  origin: Pick<ModelRow, 'place' | 'folder'>,
  uses: ReadonlyMap<string, ModelUse>,
): Promise<ModelRow> {
  const row = {
    ...origin,
    id: basename(path),
    path,
    commit: null,
    bytes: 0,
    licence: null,
    isUnfinished: false,
  }
  try {
    const { info, bytes, presetKind } = await Promise.race([lookAt(path), tooLate(path)])
    return {
      ...row,
      id: info.hub?.repository ?? info.id,
      path: info.path,
      commit: info.hub?.commit ?? null,
      bytes,
      licence: info.licence,
      picture: info.picture,
      cleanTimestep: info.cleanTimestep,
      presetKind,
      problem: null,
      use: uses.get(info.path) ?? null,
    }
  } catch (error) {
    const nothing = { picture: null, cleanTimestep: null, presetKind: null, use: null }
    return { ...row, ...nothing, problem: toFailure(error).message }
  }
}

/** What a row needs to know of a model. Its weights are read only if they may be those of a bundled model. */
interface ModelLook extends Pick<ModelInspection, 'info'> {
  readonly bytes: number
  readonly presetKind: PresetKind
}

/** No bundled model is larger, in bytes. The weights of larger models would take too long to read for a list. */
const mostBundledBytes = 64 * 1024 * 1024

/** Looks at a model. A small one with the schedule of a bundled model may be that model, whatever its name. */
async function lookAt(path: string): Promise<ModelLook> {
  const { info, files } = await inspectModel({ path })
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size))
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  const isOnSchedule = bundledModels.some(({ scheduleHash }) => scheduleHash === info.scheduleHash)
  const sha256 = isOnSchedule && bytes <= mostBundledBytes ? await hashFiles(files) : ''
  return { info, bytes, presetKind: presetKindOf({ ...info, sha256 }) }
}

async function tooLate(path: string): Promise<never> {
  await setTimeout(longestLook, undefined, { ref: false })
  throw new StudioError(
    'UNREADABLE',
    `"${path}" was not read within ${longestLook / 1000} seconds: check its disk.`,
  )
}

/**
 * Describes the snapshot of `main`, or every snapshot if `main` is unknown; if none opens, an unfinished
 * download. Returns no rows for a repository that is empty or holds something other than a diffusion model.
 */
async function describeRepository(folder: string, uses: ReadonlyMap<string, ModelUse>): Promise<ModelRow[]> {
  const id = repositoryOfFolder(basename(folder))!
  const rows = await Promise.all(
    (await snapshotsOf(folder)).map(async (snapshot) => {
      const described = await describeRow(snapshot, { place: 'cache', folder: null }, uses)
      const row = { ...described, id, commit: basename(snapshot) }
      return row.problem === null || looksLikeModel(await namesIfReadable(snapshot)) ? [row] : []
    }),
  )
  const opening = rows.flat().filter(({ problem }) => problem === null)
  const arrived = opening.length > 0 ? 0 : await unfinishedBytes(folder)
  if (arrived === 0) return rows.flat()
  const nothing = {
    picture: null,
    cleanTimestep: null,
    presetKind: null,
    licence: null,
    use: null,
    commit: null,
    folder: null,
  }
  const problem = 'Its download is not finished.'
  return [{ ...nothing, id, path: folder, place: 'cache', bytes: arrived, isUnfinished: true, problem }]
}

async function snapshotsOf(repository: string): Promise<string[]> {
  const names = await namesIfReadable(join(repository, 'snapshots'))
  if (names.length === 0) return []
  const main = await locateModel(repository).catch(() => null)
  return main ? [main.path] : names.map((name) => join(repository, 'snapshots', name))
}

/**
 * Sums the bytes of all blobs, finished or not, in a repository whose download is unfinished; else 0. A running
 * download may rename a blob at any time.
 */
async function unfinishedBytes(repository: string): Promise<number> {
  const blobs = join(repository, 'blobs')
  const names = await namesIfReadable(blobs)
  if (!names.some((name) => name.endsWith('.incomplete'))) return 0
  const sizeOf = (name: string) =>
    stat(join(blobs, name)).then(
      ({ size }) => size,
      () => 0,
    )
  const sizes = await Promise.all(names.map(sizeOf))
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Returns the folder itself if it is a model, or the models directly inside it. */
async function modelsIn(folder: string): Promise<string[]> {
  const path = resolve(folder)
  const names = await namesIfReadable(path)
  if (names.length === 0 || looksLikeModel(names)) return [path]
  const inside = await Promise.all(
    names.map(async (name) =>
      looksLikeModel(await namesIfReadable(join(path, name))) ? [join(path, name)] : [],
    ),
  )
  return inside.flat().length > 0 ? inside.flat() : [path]
}

const marks = [...networkFolders, 'model_index.json', 'scheduler_config.json', 'scheduler', 'snapshots']

function looksLikeModel(names: readonly string[]): boolean {
  return names.some((name) => marks.includes(name) || isGraphFile(name))
}

/** Lists the names in a folder, sorted; empty if the folder is missing, and also if it cannot be read. */
function namesIfReadable(folder: string): Promise<string[]> {
  return namesIn(folder).catch(() => [])
}
