import { enlarge, type Enlargement } from '#core/picture/enlarge'
import {
  Mp4OutputFormat,
  Output,
  Quality,
  StreamTarget,
  VideoSample,
  VideoSampleSource,
  WebMOutputFormat,
  type StreamTargetChunk,
} from 'mediabunny'
import { request } from '../base/api'
import { canvasOfPixels, pixelsOfBitmap } from '../base/bitmapPixels'
import { pngBlob } from '../base/pngBlob'
import { bt709, toI420 } from './bt709'
import { bitrateOf, type VideoChoice, type VideoShape } from './videoCodecs'

/** A video to be written. Frames come as PNG bytes in display order. */
export interface VideoJob {
  path: string
  overwrite: boolean
  choice: VideoChoice
  shape: VideoShape
  /** 1 to 100. */
  quality: number
  enlargement: Enlargement
  frameCount: number
  frameAt: (index: number) => Promise<Uint8Array>
  /** How the video was made, as JSON for its comment tag. */
  provenance: string
  signal: AbortSignal
  onFrame: (done: number) => void
}

/**
 * Encodes a video with WebCodecs and streams it to disk. The file appears under its name complete or not at
 * all.
 *
 * @returns its size in bytes
 * @throws StudioError EXISTS, UNWRITABLE, CANCELLED
 */
export async function encodeVideo(job: VideoJob): Promise<number> {
  const { id } = await request('output.open', { path: job.path, overwrite: job.overwrite })
  try {
    await writeVideo(job, fileStream(id))
    return (await request('output.close', { id, keep: true })).bytes
  } catch (thrown) {
    await request('output.close', { id, keep: false }).catch(() => undefined)
    throw thrown
  }
}

/**
 * Encodes a video into a stream of positioned chunks. Its frames are converted to BT.709, and the file says so.
 */
export async function writeVideo(
  job: Omit<VideoJob, 'path' | 'overwrite'>,
  stream: WritableStream<StreamTargetChunk>,
): Promise<void> {
  const { width, height, fps } = job.shape
  const canvas = new OffscreenCanvas(width, height)
  const source = new VideoSampleSource({
    codec: job.choice.codec,
    quality: new Quality({ bitrate: bitrateOf(job.choice, job.shape, job.quality), bitrateMode: 'variable' }),
  })
  const output = new Output({
    // With the index at its front, an MP4 can start playing before all of it has been received.
    format:
      job.choice.format === 'mp4' ? new Mp4OutputFormat({ fastStart: 'reserve' }) : new WebMOutputFormat(),
    target: new StreamTarget(stream, { chunked: true }),
  })
  output.addVideoTrack(source, { frameRate: fps, maximumPacketCount: job.frameCount })
  output.setMetadataTags({ title: 'Slerp Studio morph', comment: job.provenance })
  await output.start()
  try {
    for (let index = 0; index < job.frameCount; index++) {
      job.signal.throwIfAborted()
      const sample = await sampleOf(canvas, await enlargedFrame(job, index), {
        timestamp: index / fps,
        duration: 1 / fps,
      })
      await source.add(sample)
      sample.close()
      job.onFrame(index + 1)
    }
    await output.finalize()
  } catch (thrown) {
    if (output.state !== 'finalized') await output.cancel()
    throw thrown
  }
}

/** Fetches a frame and enlarges it as the engine enlarges the frames of the other formats. */
async function enlargedFrame(
  { frameAt, shape, enlargement }: Omit<VideoJob, 'path' | 'overwrite'>,
  index: number,
) {
  const bitmap = await createImageBitmap(pngBlob(await frameAt(index)))
  const pixels = pixelsOfBitmap(bitmap)
  bitmap.close()
  return canvasOfPixels(enlarge(pixels, Math.floor(shape.width / pixels.width), enlargement))
}

/** Converts a frame to what the encoder takes, drawn at the video's even size. */
async function sampleOf(
  canvas: OffscreenCanvas,
  frame: OffscreenCanvas,
  time: { timestamp: number; duration: number },
): Promise<VideoSample> {
  const { width, height } = canvas
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true })!
  context.drawImage(frame, 0, 0, width, height)
  const { data } = context.getImageData(0, 0, width, height)
  return new VideoSample(toI420(data, width, height), {
    ...time,
    format: 'I420',
    codedWidth: width,
    codedHeight: height,
    colorSpace: bt709,
  })
}

function fileStream(id: string) {
  return new WritableStream<StreamTargetChunk>({
    write: async ({ data, position }) => {
      await request('output.write', { id, position, bytes: data })
    },
  })
}
