import { playbackRepeats } from '#core/timeline/playOrder'
import { z } from 'zod'
import { deviceChoices, precisions, type Provider } from './devices'
import type { ComputeInfo, ModelInfo, PictureInfo } from './reports'
import { limits, whole } from './limits'
import { decodeSettings, encodeSettings, fitSettings, modelReading, segment } from './settings'

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

/** The work on the table, kept between two starts of the app. Pictures are named by path, never copied. */
export const session = z.object({
  pictures: z.array(
    z.object({
      path: z.string().min(1),
      name: z.string(),
      fit: fitSettings,
      restandardise: z.boolean().default(false),
    }),
  ),
  /** Indices into `pictures`. */
  stops: z.array(z.int().min(0)),
  segments: z.array(segment),
  encode: encodeSettings,
  decode: decodeSettings,
  fps: z.number(),
  repeat: z.enum(playbackRepeats),
})
export type Session = z.infer<typeof session>

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
  session: Session | null
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
  'openPictures',
  'openModel',
  'showModels',
  'encodeAll',
  'export',
  'undo',
  'redo',
  'togglePlay',
  'showKeyboard',
  'showSettings',
  'showLibrary',
  'showFidelity',
  'showMorph',
  'showLab',
  'showManual',
  'reportProblem',
  'showLogs',
  'checkUpdates',
  'showAbout',
] as const
export type MenuCommand = (typeof menuCommands)[number]
