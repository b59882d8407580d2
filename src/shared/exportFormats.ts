/** The formats of an export: one row each, with all that the product knows of it. What writes one is the engine's. */
import { rangeWithin, type FrameRange } from '#core/timeline/frameRange'
import { playOrder, type Repeat } from '#core/timeline/playOrder'
import { StudioError } from './errors'

/** What the window, the command line, the dialogs and the engine read of a format. */
interface ExportFormatRow {
  readonly id: string
  readonly title: string
  /** What it is good for, in a few words. */
  readonly purpose: string
  /** Endings that a save dialog offers, without the dot; it adds the first to a name that has none. None: a folder. */
  readonly endings: readonly string[]
  /** The ending by which a file name asks for this format: '' for a name without one, null for no ending at all. */
  readonly askedForBy: string | null
  /** Of its file; null for a folder. */
  readonly mime: string | null
  /** Whether it shows all frames, or a single one of them. */
  readonly frames: 'all' | 'one'
  /** Whether it plays, and so has a frame rate and can repeat. */
  readonly plays: boolean
  /** Whether it has a lossy quality to choose. */
  readonly lossy: boolean
  /** Whether a video encoder makes it: ffmpeg for the command line, WebCodecs for the window. */
  readonly video: boolean
  /** The longest side in pixels that its fields hold. */
  readonly longestSide: number
  /** Frames a second that its players show; they slow down what asks for more. */
  readonly highestFps: number
  /** Bits a pixel that frames of one subject, enlarged four times, took on average at a quality of 1 to 100. */
  readonly bitsPerPixel: (quality: number) => number
}

/** What a container that has no limit of its own is told to hold. */
const unlimited = Infinity

/** From one value at quality 0 to another at 100, growing as file sizes do. */
function exponential(atWorst: number, atBest: number, quality: number): number {
  return atWorst * (atBest / atWorst) ** (quality / 100)
}

/** In the order in which a list offers them. */
export const exportFormatRows = [
  {
    id: 'gif',
    title: 'GIF',
    purpose: 'Plays everywhere, 256 colours',
    endings: ['gif'],
    askedForBy: 'gif',
    mime: 'image/gif',
    frames: 'all',
    plays: true,
    lossy: false,
    video: false,
    longestSide: 65_535,
    // Players take a delay below two hundredths of a second for a mistake and show the frame for ten.
    highestFps: 50,
    bitsPerPixel: () => 4,
  },
  {
    id: 'webp',
    title: 'WebP',
    purpose: 'Full colour, small, for the web',
    endings: ['webp'],
    askedForBy: 'webp',
    mime: 'image/webp',
    frames: 'all',
    plays: true,
    lossy: true,
    video: false,
    longestSide: 16_383,
    // Browsers play a delay of ten milliseconds or less as a hundred, and WebP counts whole milliseconds.
    highestFps: 90,
    // Quality 100 is lossless.
    bitsPerPixel: (quality) => (quality === 100 ? 6 : exponential(0.08, 0.7, quality)),
  },
  {
    id: 'apng',
    title: 'APNG',
    purpose: 'Lossless, plays in browsers',
    // Viewers know an animated PNG by .png; a person who types the format's own ending means it.
    endings: ['png', 'apng'],
    askedForBy: 'apng',
    mime: 'image/apng',
    frames: 'all',
    plays: true,
    lossy: false,
    video: false,
    longestSide: unlimited,
    highestFps: 90,
    bitsPerPixel: () => 7,
  },
  {
    id: 'png',
    title: 'PNG sequence',
    purpose: 'A folder of numbered frames',
    endings: [],
    askedForBy: '',
    mime: null,
    frames: 'all',
    plays: false,
    lossy: false,
    video: false,
    longestSide: unlimited,
    highestFps: unlimited,
    bitsPerPixel: () => 7,
  },
  {
    id: 'contactSheet',
    title: 'Contact sheet',
    purpose: 'All frames in one picture',
    endings: ['png'],
    askedForBy: 'png',
    mime: 'image/png',
    frames: 'all',
    plays: false,
    lossy: false,
    video: false,
    longestSide: unlimited,
    highestFps: unlimited,
    bitsPerPixel: () => 7,
  },
  {
    id: 'still',
    title: 'Still',
    purpose: 'The frame at the playhead',
    endings: ['png'],
    askedForBy: null,
    mime: 'image/png',
    frames: 'one',
    plays: false,
    lossy: false,
    video: false,
    longestSide: unlimited,
    highestFps: unlimited,
    bitsPerPixel: () => 7,
  },
  {
    id: 'mp4',
    title: 'MP4 video',
    purpose: 'Plays on every device',
    endings: ['mp4'],
    askedForBy: 'mp4',
    mime: 'video/mp4',
    frames: 'all',
    plays: true,
    lossy: true,
    video: true,
    longestSide: unlimited,
    highestFps: unlimited,
    bitsPerPixel: (quality) => exponential(0.02, 0.6, quality),
  },
  {
    id: 'webm',
    title: 'WebM video',
    purpose: 'For the web, good quality',
    endings: ['webm'],
    askedForBy: 'webm',
    mime: 'video/webm',
    frames: 'all',
    plays: true,
    lossy: true,
    video: true,
    longestSide: unlimited,
    highestFps: unlimited,
    bitsPerPixel: (quality) => exponential(0.02, 0.6, quality),
  },
] as const satisfies readonly ExportFormatRow[]

export type ExportFormat = (typeof exportFormatRows)[number]['id']
export type ExportFormatInfo = ExportFormatRow & { readonly id: ExportFormat }

const rows: readonly ExportFormatInfo[] = exportFormatRows

/** The ids, for schemas. */
export const exportFormats = exportFormatRows.map(({ id }) => id)

/** The row of a format. */
export function exportFormat(id: ExportFormat): ExportFormatInfo {
  return rows.find((row) => row.id === id)!
}

/**
 * Which frames of a plan an export shows, in order, as indices. A format of a single frame shows the middle one unless told.
 *
 * @param count  frames of the plan
 */
export function shownFrames(
  count: number,
  {
    format,
    repeat,
    frame,
    range,
  }: { format: ExportFormat; repeat: Repeat; frame?: number | undefined; range?: FrameRange | undefined },
): number[] {
  const { start, end } = rangeWithin(range, count)
  if (exportFormat(format).frames === 'all') {
    return playOrder(end - start + 1, repeat).map((index) => start + index)
  }
  return [Math.min(frame ?? Math.ceil((start + end) / 2), count - 1)]
}

/** Endings by which a name asks for one of the formats that `wanted` picks, as people read them: ".gif, .webp or .apng". */
export function listEndings(wanted: (row: ExportFormatInfo) => boolean = () => true): string {
  const endings = rows
    .filter((row) => row.askedForBy !== null && row.askedForBy !== '' && wanted(row))
    .map(({ askedForBy }) => `.${askedForBy}`)
  return endings.length < 2 ? endings.join('') : `${endings.slice(0, -1).join(', ')} or ${endings.at(-1)}`
}

/**
 * The format that an output's name asks for: a name without an ending, or one that ends in a slash, is a folder of
 * numbered pictures.
 *
 * @throws StudioError BAD_INPUT for another ending
 */
export function formatOfPath(path: string): ExportFormat {
  const ending = /^.*[^/\\]\.([^./\\]*)$/s.exec(path)?.[1].toLowerCase()
  const row = rows.find(({ askedForBy }) => askedForBy === (ending ?? ''))
  if (row && ending !== '') return row.id
  throw new StudioError(
    'BAD_INPUT',
    `Cannot tell a format from "${path}": end it in ${listEndings()}; .png is a contact sheet, and a name without an ` +
      'ending becomes a folder of PNG pictures.',
    { path },
  )
}
