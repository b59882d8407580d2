import type { Pixels } from '#core/picture/pixels'

/** The number and size of the frames to come. */
export interface FrameLayout {
  /** Size of one frame, in pixels. */
  readonly width: number
  readonly height: number
  readonly count: number
  /** Frames per row of a contact sheet; if omitted, the sheet is about as many frames wide as high. */
  readonly columns?: number
}

/**
 * Receives frames one by one and holds none of them, so memory use does not grow with their number. Nothing
 * appears at the target's path before {@link FrameSink.finish}.
 */
export interface FrameSink {
  /** The file or folder that {@link FrameSink.finish} renames to the target. */
  readonly temporaryPath: string
  /**
   * Adds the next frame, which must be opaque.
   *
   * @throws StudioError UNWRITABLE, with the cause
   */
  add(pixels: Pixels): Promise<void>
  /**
   * Completes the file and gives it its name.
   *
   * @returns the bytes written
   * @throws StudioError UNWRITABLE, with the cause
   */
  finish(): Promise<{ bytes: number }>
  /** Leaves nothing behind; has no effect after finish. */
  abort(): Promise<void>
}
