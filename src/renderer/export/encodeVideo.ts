import {
  CanvasSource,
  Mp4OutputFormat,
  Output,
  Quality,
  StreamTarget,
  WebMOutputFormat,
  type StreamTargetChunk,
} from 'mediabunny'
import { request } from '../api'
import { pngBlob } from '../pngBlob'
import { bitrateOf, type VideoChoice, type VideoShape } from './videoCodecs'

/** A video to be written. Frames come as PNG bytes in the order of showing. */
export interface VideoJob {
  path: string
  overwrite: boolean
  choice: VideoChoice
  shape: VideoShape
  /** 1 to 100. */
  quality: number
  frameCount: number
  frameAt: (index: number) => Promise<Uint8Array>
  /** How the video was made, for its comment tag. */
  recipe: string
  signal: AbortSignal
  onFrame: (done: number) => void
}

/**
 * Encodes a video by WebCodecs and streams it to disk; the file appears whole under its name or not at all.
 *
 * @returns its size in bytes
 * @throws StudioError EXISTS, UNWRITABLE, CANCELLED
 */
export async function encodeVideo(job: VideoJob): Promise<number> {
  const { id } = await request('output.open', { path: job.path, overwrite: job.overwrite })
  try {
    await writeVideo(job, id)
    return (await request('output.close', { id, keep: true })).bytes
  } catch (thrown) {
    await request('output.close', { id, keep: false }).catch(() => undefined)
    throw thrown
  }
}

async function writeVideo(job: VideoJob, outputId: string): Promise<void> {
  const { width, height, fps } = job.shape
  const canvas = new OffscreenCanvas(width, height)
  const source = new CanvasSource(canvas, {
    codec: job.choice.codec,
    quality: new Quality({ bitrate: bitrateOf(job.shape, job.quality), bitrateMode: 'variable' }),
  })
  const output = new Output({
    format: job.choice.format === 'mp4' ? new Mp4OutputFormat({ fastStart: false }) : new WebMOutputFormat(),
    target: new StreamTarget(fileStream(outputId), { chunked: true }),
  })
  output.addVideoTrack(source, { frameRate: fps })
  output.setMetadataTags({ title: 'Slerp Studio morph', comment: job.recipe })
  await output.start()
  try {
    for (let index = 0; index < job.frameCount; index++) {
      job.signal.throwIfAborted()
      await drawFrame(canvas, await job.frameAt(index))
      await source.add(index / fps, 1 / fps)
      job.onFrame(index + 1)
    }
    await output.finalize()
  } catch (thrown) {
    if (output.state !== 'finalized') await output.cancel()
    throw thrown
  }
}

async function drawFrame(canvas: OffscreenCanvas, png: Uint8Array): Promise<void> {
  const bitmap = await createImageBitmap(pngBlob(png))
  const context = canvas.getContext('2d', { alpha: false })!
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
}

function fileStream(id: string) {
  return new WritableStream<StreamTargetChunk>({
    write: async ({ data, position }) => {
      await request('output.write', { id, position, bytes: data })
    },
  })
}
