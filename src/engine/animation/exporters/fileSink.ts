import { formatBytes } from '#core/format/quantities'
import { StudioError } from '#shared/errors'
import { exportFormat, listEndings } from '#shared/exportFormats'
import type { ExportTarget } from '#shared/exportTarget'
import type { Pixels } from '#core/picture/pixels'
import { createAtomicFile, type AtomicFile } from '#files/atomicFile'
import type { FrameSink } from './frameSink'

/** The parts of a file that holds frames in sequence. */
export interface FrameFormat {
  /** The bytes before the first frame. */
  readonly head: Uint8Array
  /** Encodes a frame as bytes. Called once per frame, in order. */
  encodeFrame(pixels: Pixels): Promise<Uint8Array> | Uint8Array
  /** Returns the bytes after the last frame. */
  encodeTail(): Promise<Uint8Array> | Uint8Array
  /** Fills in fields that depend on the total length. */
  patch?(file: AtomicFile, bytes: number): Promise<void>
}

/**
 * A sink that writes one file sequentially.
 *
 * @throws StudioError EXISTS, UNWRITABLE; the sink throws BAD_INPUT if the file grows beyond what the format holds
 */
export async function openFileSink(target: ExportTarget, format: FrameFormat): Promise<FrameSink> {
  const file = await createAtomicFile(target.path, { overwrite: target.overwrite })
  let bytes = 0
  const write = async (part: Uint8Array) => {
    requireRoom(target, bytes + part.length)
    await file.write(part)
    bytes += part.length
  }
  return {
    temporaryPath: file.temporaryPath,
    async add(pixels) {
      if (bytes === 0) await write(format.head)
      await write(await format.encodeFrame(pixels))
    },
    async finish() {
      await write(await format.encodeTail())
      await format.patch?.(file, bytes)
      await file.commit()
      return { bytes }
    },
    abort: () => file.abort(),
  }
}

/** Ends an export whose file would grow beyond what the format can hold, as soon as that is certain. */
function requireRoom({ path, format }: ExportTarget, bytes: number): void {
  const { title, mostBytes } = exportFormat(format)
  if (bytes <= mostBytes) return
  const larger = listEndings((other) => other.plays && other.mostBytes > mostBytes)
  throw new StudioError(
    'BAD_INPUT',
    `Cannot write "${path}": ${title} holds ${formatBytes(mostBytes)} at most. Lower the quality or the scale, or choose ${larger}.`,
    { path },
  )
}
