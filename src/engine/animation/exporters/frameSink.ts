import type { Pixels } from '#core/picture/pixels'

/** The frames that are going to come. */
export interface FrameLayout {
  /** Of one frame, in pixels. */
  readonly width: number
  readonly height: number
  readonly count: number
  /** Frames side by side on a contact sheet; about as many as below one another when left out. */
  readonly columns?: number
}

/**
 * Takes frames one by one and holds none of them: memory stays flat however many come. Nothing is seen at the target's
 * path before {@link FrameSink.finish}.
 */
export interface FrameSink {
  /** The file or folder that {@link FrameSink.finish} gives the target's name. */
  readonly temporaryPath: string
  /**
   * Adds the next frame, opaque.
   *
   * @throws StudioError UNWRITABLE, with the cause
   */
  add(pixels: Pixels): Promise<void>
  /**
   * Ends the file and gives it its name.
   *
   * @returns the bytes written
   * @throws StudioError UNWRITABLE, with the cause
   */
  finish(): Promise<{ bytes: number }>
  /** Leaves nothing behind; without effect once finished. */
  abort(): Promise<void>
}
