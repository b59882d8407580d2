import { StudioError } from '#shared/errors'
import type { ExportFormat, ExportTarget } from '#shared/settings'
import type { Pixels } from '../../image/pixels'
import { webpFormat } from './animatedWebp'
import { apngFormat } from './apng'
import { sheetFormat } from './contactSheet'
import { type FrameFormat, openFileSink } from './fileSink'
import type { FrameLayout, FrameSink } from './frameSink'
import { gifFormat } from './gif/gifFormat'
import { openPngFolder } from './pngFolder'
import { openVideo } from './video'

type OpenSink = (target: ExportTarget, frames: FrameLayout, recipe: string) => Promise<FrameSink>

function ofFile(
  format: (target: ExportTarget, frames: FrameLayout, recipe: string) => FrameFormat,
): OpenSink {
  return async (target, frames, recipe) => openFileSink(target, format(target, frames, recipe))
}

const openers: Readonly<Record<ExportFormat, OpenSink>> = {
  png: openPngFolder,
  sheet: ofFile(sheetFormat),
  gif: ofFile(gifFormat),
  webp: ofFile(webpFormat),
  apng: ofFile(apngFormat),
  mp4: (target, frames, recipe) => openVideo(target, 'mp4', frames, recipe),
  webm: (target, frames, recipe) => openVideo(target, 'webm', frames, recipe),
}

/** The longest side that the container's fields hold; the others' are beyond any frame. */
const longestSides: Partial<Record<ExportFormat, number>> = { gif: 65_535, webp: 16_383 }

function requireSides({ path, format }: ExportTarget, { width, height }: FrameLayout): void {
  const longest = longestSides[format] ?? Infinity
  if (Math.max(width, height) <= longest) return
  throw new StudioError(
    'BAD_INPUT',
    `Cannot write "${path}" with ${width} x ${height} pixels: ${format} holds ${longest} a side. Lower the scale.`,
    { path },
  )
}

/** Makes sure that the frames come as announced: some formats state their number and size before the first. */
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
 * Opens the output of an animation: a folder, a picture or a film, by the target's format.
 *
 * @param frames  what is going to be added, exactly
 * @param recipe  JSON text that is written into the file where its format has a place
 * @throws StudioError EXISTS, UNWRITABLE; MISSING_TOOL when a video is wanted and there is no ffmpeg; BAD_INPUT when
 *   the format cannot hold the size or the rate
 */
export async function openFrameSink(
  target: ExportTarget,
  frames: FrameLayout,
  recipe: string,
): Promise<FrameSink> {
  requireSides(target, frames)
  return checked(await openers[target.format](target, frames, recipe), frames)
}
