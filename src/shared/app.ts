import { z } from 'zod'
import { deviceChoices, precisions, type Provider } from './devices'
import { uncheckedDocument } from './document'
import type { DocumentFound } from './project'
import type { ComputeInfo, ModelInfo, PictureInfo } from './reports'
import { limits, whole } from './limits'
import { inferenceServer } from './inferenceServer'
import { modelReading } from './modelSource'

/** How many folders of models are remembered. */
export const mostModelFolders = 20

/** What a person sets once. */
export const preferences = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  /** CPU threads of the engine; 0 leaves the choice to the runtime. */
  threads: whole(limits.threads, 'threads'),
  /** Size of text and controls, in percent of the usual. */
  textSize: whole(limits.textSize, 'textSize'),
  /** What computes, when it has proved itself. */
  device: z.enum(deviceChoices),
  /** How exactly it computes, where that has proved itself. */
  precision: z.enum(precisions),
  /** What evaluates the network in the place of a device of this machine; null for none. */
  server: inferenceServer.nullable(),
  /** The model folder in use; null for the bundled one. */
  modelPath: z.string().nullable(),
  /** What that model is read as where its own configuration is wrong. */
  modelReading,
  /** Models, and folders with models inside, that a person opened or named: the latest first. */
  modelFolders: z.array(z.string()).max(mostModelFolders),
  /** Whether models may be downloaded, which they are only when asked for. */
  downloads: z.boolean(),
})
export type Preferences = z.infer<typeof preferences>

/** The work on the table as it is kept all the while, and between two starts of the app. */
export const work = z.object({
  document: uncheckedDocument,
  /** The project file that it belongs to; null for work that was never saved. */
  path: z.string().min(1).nullable(),
  /** Whether that file, or an untouched start, lacks something of it. */
  dirty: z.boolean(),
})
export type Work = z.infer<typeof work>

/** What the window's title and menu say of the project. */
export const projectShown = z.object({
  path: z.string().min(1).nullable(),
  name: z.string(),
  dirty: z.boolean(),
  /** Whether the project file holds the picture files themselves. */
  keepPictures: z.boolean(),
})
export type ProjectShown = z.infer<typeof projectShown>

/** The work that was on the table when the app was last there. */
export interface LastWork extends Work, DocumentFound {
  /** What could not be read and what stands in for it, one sentence each. */
  readonly problems: readonly string[]
  /** Whether the app ended before it could end properly: then changes are offered, and not just taken up. */
  readonly crashed: boolean
}

/** All that the window needs to draw its first screen. */
export interface AppState {
  version: string
  platform: string
  preferences: Preferences
  /** Ways to a graphics card that this platform may have; whether they work shows only when they are checked. */
  devices: readonly Provider[]
  model: ModelInfo
  /** The bundled sample pictures. */
  samples: PictureInfo[]
  work: LastWork | null
  /** What went wrong on the way here and was worked around, one sentence each: to be shown once. */
  notices: string[]
}

/** How the engine process is doing. `message` is one sentence for people, or null when there is nothing to say. */
export interface EngineState {
  state: 'ready' | 'restarting' | 'failed'
  message: string | null
  compute: ComputeInfo | null
}

/** What the application's menu asks the window to do. */
export const menuCommands = [
  'newProject',
  'openProject',
  'saveProject',
  'saveProjectAs',
  'duplicateProject',
  'revertProject',
  'collectProject',
  'keepPictures',
  'addSeeds',
  'openPictures',
  'openModel',
  'showModels',
  'encodeAll',
  'export',
  'undo',
  'redo',
  'togglePlay',
  'showPalette',
  'showKeyboard',
  'showSettings',
  'showLibrary',
  'showFidelity',
  'showMorph',
  'showLab',
  'showExplore',
  'showManual',
  'reportProblem',
  'showLogs',
  'checkUpdates',
  'showAbout',
] as const
export type MenuCommand = (typeof menuCommands)[number]
