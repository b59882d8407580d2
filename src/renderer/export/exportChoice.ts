import { exportFormat, exportFormatRows, type ExportFormatInfo } from '#shared/exportFormats'
import type { Enlargement } from '#core/picture/enlarge'
import type { PlaybackRepeat } from '#core/timeline/playOrder'
import type { VideoChoice } from './videoCodecs'

/** One way to save the animation. `video` is set for formats that the window encodes itself. */
export interface ExportChoice {
  readonly id: string
  readonly format: ExportFormatInfo
  readonly name: string
  /** What it is good for, in a few words. */
  readonly purpose: string
  readonly video: VideoChoice | null
}

/** The formats that the engine writes. */
export const engineChoices: readonly ExportChoice[] = exportFormatRows
  .filter(({ video }) => !video)
  .map((format) => ({
    id: format.id,
    format,
    name: format.title,
    purpose: format.purpose,
    video: null,
  }))

/** Returns the formats that the window encodes, for the codecs that work here. */
export function videoChoices(supported: readonly VideoChoice[]): ExportChoice[] {
  return supported.map((video) => ({
    id: video.codec,
    format: exportFormat(video.format),
    name: video.name,
    purpose: video.purpose,
    video,
  }))
}

/** The export settings that the user can change. */
export interface ExportOptions {
  fps: number
  scale: number
  enlargement: Enlargement
  repeat: PlaybackRepeat
  quality: number
  /** Whether only the work area is exported, if there is one. */
  workArea: boolean
}
