import { z } from 'zod'
import { deviceChoices, precisions, type Provider } from './devices'
import { uncheckedDocument } from './document'
import type { DocumentFound } from './project'
import type { ComputeInfo, ModelInfo, PictureInfo } from './reports'
import { limits, whole } from './limits'
import { inferenceServer } from './inferenceServer'
import { modelReading } from './modelSource'

/** The number of model folders that are remembered. */
export const mostModelFolders = 20

/** The user's preferences. */
export const preferences = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  /** CPU threads of the engine; 0 leaves the choice to the runtime. */
  threads: whole(limits.threads, 'threads'),
  /** Size of text and controls, in percent of the default. */
  textSize: whole(limits.textSize, 'textSize'),
  /** The device to compute on, if it has passed its check. */
  device: z.enum(deviceChoices),
  /** The precision to compute at, if the device has passed its check at it. */
  precision: z.enum(precisions),
  /** A server that evaluates the network in place of a device of this machine; null for none. */
  server: inferenceServer.nullable(),
  /** The model folder in use; null for the bundled one. */
  modelPath: z.string().nullable(),
  /** How to read that model where its own configuration is wrong. */
  modelReading,
  /** Models, and folders containing models, that the user opened or named, most recent first. */
  modelFolders: z.array(z.string()).max(mostModelFolders),
  /** Whether models may be downloaded; even then they are downloaded only on request. */
  downloads: z.boolean(),
})
export type Preferences = z.infer<typeof preferences>

/** The name of work that has neither a file nor a name of its own. */
export const untitled = 'Untitled'

/** The current work, as it is saved continuously and between two starts of the app. */
export const work = z.object({
  document: uncheckedDocument,
  /** The project file it belongs to; null for work that was never saved. */
  path: z.string().min(1).nullable(),
  /** The project file that it, or its original, was loaded from: the source of what exists nowhere else. */
  from: z.string().min(1).nullable(),
  /** The name that the window shows: a copy without a file has one of its own. */
  name: z.string().default(untitled),
  /** Whether it differs from that file, or from an untouched start. */
  dirty: z.boolean(),
})
export type Work = z.infer<typeof work>

/** What the window's title and menu show of the project. */
export const projectShown = z.object({
  path: z.string().min(1).nullable(),
  name: z.string(),
  dirty: z.boolean(),
  /** Whether the project file holds the picture files themselves. */
  keepPictures: z.boolean(),
})
export type ProjectShown = z.infer<typeof projectShown>

/** The work that was open when the app last ran. */
export interface LastWork extends Work, DocumentFound {
  /** What could not be read and what replaces it, one sentence each. */
  readonly problems: readonly string[]
  /** Whether the app did not exit properly. Changes are then offered, not simply restored. */
  readonly crashed: boolean
}

/** Everything the window needs to draw its first screen. */
export interface AppState {
  version: string
  platform: string
  preferences: Preferences
  /** GPU providers that this platform may have; only a check shows whether they work. */
  devices: readonly Provider[]
  model: ModelInfo
  /** The bundled sample pictures. */
  samples: PictureInfo[]
  work: LastWork | null
  /** Problems during startup that were worked around, one sentence each, to be shown once. */
  notices: string[]
}

/** The state of the engine process. `message` is one sentence for the user; null if there is none. */
export interface EngineState {
  state: 'ready' | 'restarting' | 'failed'
  message: string | null
  compute: ComputeInfo | null
}

/** Commands that the application menu sends to the window. */
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
