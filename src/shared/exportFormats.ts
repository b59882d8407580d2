/** The export formats: one row each, with all the product knows about it. The writers are in the engine. */
import { joinNames } from '#core/format/lists'
import { rangeWithin, type FrameRange } from '#core/timeline/frameRange'
import { playOrder, type Repeat } from '#core/timeline/playOrder'
import { StudioError } from './errors'

/** The properties of a format that the window, the command line, the dialogs and the engine read. */
interface ExportFormatRow {
  readonly id: string
  readonly title: string
  /** Its purpose, in a few words. */
  readonly purpose: string
  /**
   * Extensions that a save dialog offers, without the dot; it appends the first to a name without one. Empty
   * for a folder.
   */
  readonly endings: readonly string[]
  /** The extension of a file name that selects this format: '' for a name without one, null if none does. */
  readonly askedForBy: string | null
  /** Whether it shows all frames, or a single one. */
  readonly frames: 'all' | 'one'
  /** Whether it plays, and so has a frame rate and can repeat. */
  readonly plays: boolean
  /** Whether it is lossy, and so has a quality setting. */
  readonly lossy: boolean
  /** Whether a video encoder makes it: ffmpeg on the command line, WebCodecs in the window. */
  readonly video: boolean
  /** The longest side, in pixels, that its header fields can hold, or its encoder. */
  readonly longestSide: number
  /** The largest file, in bytes, whose size its header fields can hold. */
  readonly mostBytes: number
  /** The highest frame rate that players show; they slow down anything faster. */
  readonly highestFps: number
  /** Average bits per pixel of frames of one subject, enlarged four times, at a quality of 1 to 100. */
  readonly bitsPerPixel: (quality: number) => number
}

/** The limit of a container that has none of its own. */
const unlimited = Infinity

/** Interpolates from one value at quality 0 to another at 100, exponentially, as file sizes grow. */
function exponential(atWorst: number, atBest: number, quality: number): number {
  return atWorst * (atBest / atWorst) ** (quality / 100)
}

/** In the order in which lists offer them. */
export const exportFormatRows = [
  {
    id: 'gif',
    title: 'GIF',
    purpose: 'Plays everywhere, 256 colours',
    endings: ['gif'],
    askedForBy: 'gif',
    frames: 'all',
    plays: true,
    lossy: false,
    video: false,
    longestSide: 65_535,
    mostBytes: unlimited,
    // Players consider a delay below two hundredths of a second a mistake and show the frame for ten.
    highestFps: 50,
    bitsPerPixel: () => 4,
  },
  {
    id: 'webp',
    title: 'WebP',
    purpose: 'Full colour, small, for the web',
    endings: ['webp'],
    askedForBy: 'webp',
    frames: 'all',
    plays: true,
    lossy: true,
    video: false,
    longestSide: 16_383,
    // The size in its header has 32 bits and leaves out eight bytes; it is even.
    mostBytes: 2 ** 32 - 2,
    // Browsers play a delay of ten milliseconds or less as a hundred, and WebP counts in whole milliseconds.
    highestFps: 90,
    // Quality 100 is lossless.
    bitsPerPixel: (quality) => (quality === 100 ? 6 : exponential(0.08, 0.7, quality)),
  },
  {
    id: 'apng',
    title: 'APNG',
    purpose: 'Lossless, plays in browsers',
    // Viewers recognise an animated PNG as .png; a user who types .apng means this format.
    endings: ['png', 'apng'],
    askedForBy: 'apng',
    frames: 'all',
    plays: true,
    lossy: false,
    video: false,
    longestSide: unlimited,
    mostBytes: unlimited,
    highestFps: 90,
    bitsPerPixel: () => 7,
  },
  {
    id: 'png',
    title: 'PNG sequence',
    purpose: 'A folder of numbered frames',
    endings: [],
    askedForBy: '',
    frames: 'all',
    plays: false,
    lossy: false,
    video: false,
    longestSide: unlimited,
    mostBytes: unlimited,
    highestFps: unlimited,
    bitsPerPixel: () => 7,
  },
  {
    id: 'contactSheet',
    title: 'Contact sheet',
    purpose: 'All frames in one picture',
    endings: ['png'],
    askedForBy: 'png',
    frames: 'all',
    plays: false,
    lossy: false,
    video: false,
    longestSide: unlimited,
    mostBytes: unlimited,
    highestFps: unlimited,
    bitsPerPixel: () => 7,
  },
  {
    id: 'still',
    title: 'Still',
    purpose: 'The frame at the playhead',
    endings: ['png'],
    askedForBy: null,
    frames: 'one',
    plays: false,
    lossy: false,
    video: false,
    longestSide: unlimited,
    mostBytes: unlimited,
    highestFps: unlimited,
    bitsPerPixel: () => 7,
  },
  {
    id: 'mp4',
    title: 'MP4 video',
    purpose: 'Plays on every device',
    endings: ['mp4'],
    askedForBy: 'mp4',
    frames: 'all',
    plays: true,
    lossy: true,
    video: true,
    // MAX_RESOLUTION of libx264.
    longestSide: 16_384,
    mostBytes: unlimited,
    highestFps: unlimited,
    bitsPerPixel: (quality) => exponential(0.02, 0.6, quality),
  },
  {
    id: 'webm',
    title: 'WebM video',
    purpose: 'For the web, good quality',
    endings: ['webm'],
    askedForBy: 'webm',
    frames: 'all',
    plays: true,
    lossy: true,
    video: true,
    // A frame of VP9 may have 65,536 a side; libvpx takes one less.
    longestSide: 65_535,
    mostBytes: unlimited,
    highestFps: unlimited,
    bitsPerPixel: (quality) => exponential(0.02, 0.6, quality),
  },
] as const satisfies readonly ExportFormatRow[]

export type ExportFormat = (typeof exportFormatRows)[number]['id']
export type ExportFormatInfo = ExportFormatRow & { readonly id: ExportFormat }

const rows: readonly ExportFormatInfo[] = exportFormatRows

/** The format ids, for schemas. */
export const exportFormats = exportFormatRows.map(({ id }) => id)

/** Returns the row of a format. */
export function exportFormat(id: ExportFormat): ExportFormatInfo {
  return rows.find((row) => row.id === id)!
}

/** Returns the limit of a format that frames of this size, in pixels, and rate exceed; null if it can hold them. */
export function exceededLimit(
  id: ExportFormat,
  { width, height, fps }: { width: number; height: number; fps: number },
): 'longestSide' | 'highestFps' | null {
  const { longestSide, highestFps, plays } = exportFormat(id)
  if (Math.max(width, height) > longestSide) return 'longestSide'
  return plays && fps > highestFps ? 'highestFps' : null
}

/**
 * Returns how a film that its player repeats in one way is repeated in a format: one that does not play shows each
 * frame once.
 */
export function repeatIn(format: ExportFormat, repeat: Repeat): Repeat {
  return exportFormat(format).plays ? repeat : 'once'
}

/**
 * Returns the indices of the frames that an export shows, in order. A format with a single frame shows the
 * middle one by default.
 *
 * @param count  number of frames in the plan
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

/** Lists the extensions that select one of the formats matching `wanted`, as text: ".gif, .webp or .apng". */
export function listEndings(wanted: (row: ExportFormatInfo) => boolean = () => true): string {
  const endings = rows
    .filter((row) => row.askedForBy !== null && row.askedForBy !== '' && wanted(row))
    .map(({ askedForBy }) => `.${askedForBy}`)
  return joinNames(endings, 'or')
}

/** Returns the format that an output path asks for, as {@link formatOfPath}; null for any other extension. */
export function formatAskedFor(path: string): ExportFormat | null {
  const ending = /^.*[^/\\]\.([^./\\]*)$/s.exec(path)?.[1].toLowerCase()
  const row = rows.find(({ askedForBy }) => askedForBy === (ending ?? ''))
  return row && ending !== '' ? row.id : null
}

/**
 * Returns the format that an output path asks for. A name without an extension, or one that ends in a slash,
 * is a folder of numbered pictures.
 *
 * @throws StudioError BAD_INPUT for any other extension
 */
export function formatOfPath(path: string): ExportFormat {
  const format = formatAskedFor(path)
  if (format) return format
  throw new StudioError(
    'BAD_INPUT',
    `Cannot tell a format from "${path}": end it in ${listEndings()}; .png is a contact sheet, and a name without an ` +
      'ending becomes a folder of PNG pictures.',
    { path },
  )
}
