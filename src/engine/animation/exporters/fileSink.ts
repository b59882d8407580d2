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

/** A sink that writes one file sequentially. */
export async function openFileSink(target: ExportTarget, format: FrameFormat): Promise<FrameSink> {
  const file = await createAtomicFile(target.path, { overwrite: target.overwrite })
  let bytes = 0
  const write = async (part: Uint8Array) => {
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
