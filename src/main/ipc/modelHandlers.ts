import { StudioError, unwrap } from '#shared/errors'
import type { EnginePort } from '#shared/engineMessages'
import type { Progress } from '#shared/progress'
import { bundledModelFolders } from '#host/models/bundledModels'
import { pullModel } from '#host/models/pullModel'
import type { PreferencesFile } from '../preferences'
import type { Engine, HandlersOf } from './handlers'

export interface ModelHandlerParts {
  readonly engine: Engine
  readonly preferences: Pick<PreferencesFile, 'value'>
  readonly resources: string
  /** Starts the download process. */
  startDownload(): EnginePort
  onProgress(requestId: string, progress: Progress): void
}

/** The models on this computer, and downloads of others while the user allows downloads. */
export function modelHandlers(parts: ModelHandlerParts): HandlersOf<'models'> {
  const { engine, preferences, resources } = parts
  return {
    async 'models.list'() {
      const bundled = await bundledModelFolders(resources)
      const { modelFolders, modelPath } = preferences.value
      const folders = [...new Set([...(modelPath === null ? [] : [modelPath]), ...modelFolders])]
      return unwrap(
        await engine.request('model.list', {
          bundled,
          folders: folders.filter((folder) => !bundled.includes(folder)),
        }),
      )
    },

    async 'models.pull'(request, { requestId, signal }) {
      if (!preferences.value.downloads) {
        throw new StudioError('FORBIDDEN', 'Downloads are switched off: switch them on under Models.')
      }
      const onProgress = (progress: Progress): void => parts.onProgress(requestId, progress)
      return unwrap(await pullModel(parts.startDownload, request, { onProgress, signal }))
    },
  }
}
