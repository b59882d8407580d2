import type { ExportFormat } from '#shared/settings'
import type { VideoChoice } from './videoCodecs'

/** One way to save the animation. `video` is set for those the window encodes itself. */
export interface ExportChoice {
  readonly id: string
  readonly format: ExportFormat
  readonly name: string
  /** What it is good for, in a few words. */
  readonly purpose: string
  readonly video: VideoChoice | null
}

function choice(format: ExportFormat, name: string, purpose: string): ExportChoice {
  return { id: format, format, name, purpose, video: null }
}

/** What the engine writes. */
export const engineChoices: readonly ExportChoice[] = [
  choice('gif', 'GIF', 'Plays everywhere, 256 colours'),
  choice('webp', 'WebP', 'Full colour, small, for the web'),
  choice('apng', 'APNG', 'Lossless, plays in browsers'),
  choice('png', 'PNG sequence', 'A folder of numbered frames'),
  choice('sheet', 'Contact sheet', 'All frames in one picture'),
]

const videoPurposes: Record<VideoChoice['codec'], string> = {
  avc: 'Plays on every device',
  vp9: 'For the web, good quality',
  av1: 'The smallest, newer players',
}

/** What the window encodes, of the codecs that work here. */
export function videoChoices(supported: readonly VideoChoice[]): ExportChoice[] {
  return supported.map((video) => ({
    id: video.codec,
    format: video.format,
    name: video.name,
    purpose: videoPurposes[video.codec],
    video,
  }))
}

/** What a person can set for an export. */
export interface ExportOptions {
  fps: number
  scale: number
  loop: 'once' | 'loop' | 'pingPong'
  quality: number
}

/** Whether a format has a lossy quality to choose. */
export function hasQuality({ format }: ExportChoice): boolean {
  return format === 'webp' || format === 'mp4' || format === 'webm'
}

/** Whether a format plays, and so has a speed and a loop. */
export function hasTime({ format }: ExportChoice): boolean {
  return format !== 'png' && format !== 'sheet'
}
