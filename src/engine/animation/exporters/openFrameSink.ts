import { StudioError } from '#shared/errors'
import { exceededLimit, exportFormat, listEndings, type ExportFormat } from '#shared/exportFormats'
import type { ExportTarget } from '#shared/exportTarget'
import type { Pixels } from '#core/picture/pixels'
import { webpFormat } from './animatedWebp'
import { apngFormat } from './apng'
import { contactSheetFormat } from './contactSheet'
import { type FrameFormat, openFileSink } from './fileSink'
import type { FrameLayout, FrameSink } from './frameSink'
import { gifFormat } from './gif/gifFormat'
import { openPngFolder } from './pngFolder'
import { stillFormat } from './still'
import { openVideo, rehearseVideo } from './video'

type OpenSink = (target: ExportTarget, frames: FrameLayout, provenance: string) => Promise<FrameSink>

function ofFile(
  format: (target: ExportTarget, frames: FrameLayout, provenance: string) => FrameFormat,
): OpenSink {
  return async (target, frames, provenance) => openFileSink(target, format(target, frames, provenance))
}

/** The writer of each format in the registry. */
const openers: Readonly<Record<ExportFormat, OpenSink>> = {
  png: openPngFolder,
  contactSheet: ofFile(contactSheetFormat),
  gif: ofFile(gifFormat),
  webp: ofFile(webpFormat),
  apng: ofFile(apngFormat),
  still: ofFile(stillFormat),
  mp4: (target, frames, provenance) => openVideo(target, 'mp4', frames, provenance),
  webm: (target, frames, provenance) => openVideo(target, 'webm', frames, provenance),
}

/** How to check a format that another program encodes, which finds faults only while it does so. */
const rehearsals: Partial<Record<ExportFormat, (target: ExportTarget) => Promise<void>>> = {
  mp4: (target) => rehearseVideo(target, 'mp4'),
  webm: (target) => rehearseVideo(target, 'webm'),
}

/** Rejects what the format cannot hold before anything is computed for it. */
function requireFits({ path, format, fps }: ExportTarget, { width, height }: FrameLayout): void {
  const { title, longestSide, highestFps } = exportFormat(format)
  const exceeded = exceededLimit(format, { width, height, fps })
  if (exceeded === 'longestSide') {
    throw new StudioError(
      'BAD_INPUT',
      `Cannot write "${path}" with ${width} x ${height} pixels: ${title} allows at most ${longestSide} pixels a side. Lower the scale.`,
      { path },
    )
  }
  if (exceeded === 'highestFps') {
    const faster = listEndings((other) => other.plays && other.highestFps >= fps)
    throw new StudioError(
      'BAD_INPUT',
      `Cannot write "${path}" at ${fps} frames a second: ${title} players show at most ${highestFps}. ` +
        `Lower the rate, or choose ${faster}.`,
      { path, fps },
    )
  }
}

/**
 * Checks that the frames are as announced, because some formats state their number and size before the
 * first one.
 */
function checked(sink: FrameSink, { width, height, count }: FrameLayout): FrameSink {
  let added = 0
  return {
    ...sink,
    async add(pixels: Pixels) {
      if (pixels.width !== width || pixels.height !== height) {
        throw new RangeError(
          `A frame of ${pixels.width} x ${pixels.height} among those of ${width} x ${height}.`,
        )
      }
      if (++added > count) throw new RangeError(`More frames than the ${count} announced.`)
      await sink.add(pixels)
    },
    async finish() {
      if (added < count) throw new RangeError(`${added} frames, where ${count} were announced.`)
      return sink.finish()
    },
  }
}

/**
 * Opens the output of an animation: a folder, a picture or a film, depending on the target's format.
 *
 * @param frames  exactly what will be added
 * @param provenance  JSON text that is written into the file if its format has a place for it
 * @throws StudioError EXISTS, UNWRITABLE; MISSING_TOOL for a video without ffmpeg; BAD_INPUT if the format
 *   cannot hold the size or the frame rate
 */
export async function openFrameSink(
  target: ExportTarget,
  frames: FrameLayout,
  provenance: string,
): Promise<FrameSink> {
  requireFits(target, frames)
  return checked(await openers[target.format](target, frames, provenance), frames)
}

/**
 * Checks that an output could be written and leaves nothing behind, so that a name clash or a missing tool is
 * reported before hours of work, not after.
 *
 * @throws StudioError as {@link openFrameSink} and the sink that it returns
 */
export async function checkFrameSink(target: ExportTarget, frames: FrameLayout): Promise<void> {
  const sink = await openFrameSink(target, frames, '')
  await sink.abort()
  await rehearsals[target.format]?.(target)
}
