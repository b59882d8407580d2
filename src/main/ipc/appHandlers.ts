import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { LastWork, Preferences } from '#shared/app'
import type { EngineRoutes, RouteInput } from '#shared/contract'
import type { InferenceServer } from '#shared/inferenceServer'
import { toFailure, unwrap, type Result } from '#shared/errors'
import type { ModelInfo, PictureInfo } from '#shared/reports'
import { findBundledAgain, isInstalledFile } from '#files/installation'
import type { AppData } from '../appData'
import { candidateProviders } from '#shared/devices'
import type { Engine, HandlersOf } from './handlers'

export interface AppHandlerParts {
  readonly version: string
  readonly engine: Engine
  /** The installation's. */
  readonly resources: string
  /** Folder of the default model. */
  readonly bundledModel: string
  /** Folder of the sample pictures. */
  readonly samples: string
  readonly data: Pick<AppData, 'preferences' | 'work' | 'notices'>
  applyTheme(theme: Preferences['theme']): void
  /** Whether the window may save this server; asks the user about a new one. */
  mayUseServer(wanted: InferenceServer, saved: InferenceServer | null): Promise<boolean>
  /** Closes the window, which has saved its changes. */
  closeSaved(): void
  /** Called when the window has its state and can therefore receive events. */
  onWindowReady(): void
}

/** The window's state when it starts, its preferences, and the work that it saves as it goes. */
export function appHandlers(parts: AppHandlerParts): HandlersOf<'app'> {
  const { preferences, work, notices } = parts.data
  return {
    async 'app.state'() {
      const [chosen, samples] = await Promise.all([openChosenModel(parts), describeSamples(parts)])
      parts.onWindowReady()
      return {
        version: parts.version,
        platform: process.platform,
        preferences: preferences.value,
        devices: candidateProviders(process.platform, process.arch),
        model: chosen.model,
        samples: samples.pictures,
        work: await findWork(parts),
        notices: [...notices, ...chosen.notices, ...samples.notices],
      }
    },

    async 'app.setPreferences'(change) {
      const changed = await preferences.change(await withAllowedServer(parts, change))
      parts.applyTheme(changed.theme)
      return changed
    },

    async 'app.saveWork'(value) {
      await work.save(value)
      return null
    },

    async 'app.closeSaved'() {
      parts.closeSaved()
      return null
    },
  }
}

/** A change of preferences, without a server that the user does not allow. */
async function withAllowedServer(
  { data, mayUseServer }: AppHandlerParts,
  { server, ...others }: Partial<Preferences>,
): Promise<Partial<Preferences>> {
  if (server === undefined) return others
  const isAllowed = server === null || (await mayUseServer(server, data.preferences.value.server))
  return isAllowed ? { server, ...others } : others
}

/**
 * The last work, after looking for its pictures; quickly, because the window waits. Even if that fails, its document
 * is returned.
 */
async function findWork({ engine, data, resources }: AppHandlerParts): Promise<LastWork | null> {
  const { last } = data.work
  if (!last) return null
  const folder = last.path === null ? null : dirname(last.path)
  const request = { document: last.document, folder, resources, quick: true }
  const found = await engine.request('project.find', request)
  if (found.ok) return { ...last, ...found.data, problems: [...last.problems, ...found.data.problems] }
  return { ...last, missing: [], problems: [...last.problems, found.error.message] }
}

/**
 * How long startup waits for the headers of the chosen model, in milliseconds: a hanging disk must not block the start.
 * Counted from when the engine has described the bundled model, since on a busy machine it takes long to start.
 */
const chosenModelMilliseconds = 3000

/** Opens the chosen model, or the bundled one with the reason why the chosen one is not available. */
async function openChosenModel(parts: AppHandlerParts): Promise<{ model: ModelInfo; notices: string[] }> {
  const { engine, bundledModel, data } = parts
  const { modelPath, modelReading, threads } = data.preferences.value
  const describeBundled = engine.request('model.info', { model: { path: bundledModel, threads } })
  if (modelPath === null) return { model: unwrap(await describeBundled), notices: [] }
  const [chosen, bundled] = await Promise.all([
    describeInTime(engine, { path: modelPath, threads, ...modelReading }, describeBundled),
    describeBundled,
  ])
  if (chosen.ok) return { model: chosen.data, notices: [] }
  const moved = await openMovedModel(parts, modelPath)
  const instead = moved ? 'the bundled one of its name' : 'the bundled one'
  const notice = `Your model could not be opened, so ${instead} is in use. ${chosen.error.message}`
  return { model: moved ?? unwrap(bundled), notices: moved && isInstalledFile(modelPath) ? [] : [notice] }
}

/**
 * Opens this installation's model in the place of one from another installation; null for any other model. The choice
 * remains: the model may be the user's own, on a disk that comes back, and is found again at each start if it is not.
 */
async function openMovedModel(
  { engine, resources, data: { preferences } }: AppHandlerParts,
  modelPath: string,
): Promise<ModelInfo | null> {
  const path = findBundledAgain(modelPath, resources)
  if (path === null || path === modelPath) return null
  // Without the chosen model's reading, which the window applies to the chosen path alone.
  const moved = await engine.request('model.info', { model: { path, threads: preferences.value.threads } })
  return moved.ok ? moved.data : null
}

/**
 * Describes a model if its disk answers: hashing large weights afterwards may take longer than that.
 *
 * @param engineReady  resolves once the engine answers
 */
async function describeInTime(
  engine: Engine,
  model: RouteInput<EngineRoutes['model.info']>['model'],
  engineReady: Promise<unknown>,
): Promise<Result<ModelInfo>> {
  const late = engineReady.then(() => tooLate(model.path))
  const headers = await Promise.race([engine.request('model.headers', { model }), late])
  return headers.ok ? engine.request('model.info', { model }) : headers
}

async function tooLate(path: string): Promise<Result<never>> {
  await setTimeout(chosenModelMilliseconds, undefined, { ref: false })
  const message = `"${path}" was not read within ${chosenModelMilliseconds / 1000} seconds: open it again once its disk answers.`
  return { ok: false, error: { code: 'UNREADABLE', message } }
}

/** The samples are an extra: an installation that has lost some still starts, and says so. */
async function describeSamples({
  engine,
  samples,
}: AppHandlerParts): Promise<{ pictures: PictureInfo[]; notices: string[] }> {
  try {
    const names = (await readdir(samples)).filter((name) => name.endsWith('.webp')).sort()
    const results = await Promise.all(
      names.map((name) => engine.request('picture.info', { path: join(samples, name) })),
    )
    return { pictures: results.map((result) => unwrap(result)), notices: [] }
  } catch (error) {
    return { pictures: [], notices: [`The sample pictures cannot be shown. ${toFailure(error).message}`] }
  }
}
