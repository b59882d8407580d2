/** Frames of one size to be laid out in one picture. */
export interface ContactSheetFrames {
  readonly width: number
  readonly height: number
  readonly count: number
  /** If omitted, as many columns as rows or one more. */
  readonly columns?: number | undefined
}

/** The layout of a contact sheet, filled row by row from the top left; lengths are in pixels. */
export interface ContactSheetLayout {
  readonly columns: number
  readonly rows: number
  /**
   * Width of the white lines between and around the frames: 1/32 of a frame's shorter side, but at least two
   * pixels. A single frame has none.
   */
  readonly gap: number
  readonly width: number
  readonly height: number
}

/** Lays out a contact sheet of at least one frame. */
export function contactSheetLayout(frames: ContactSheetFrames): ContactSheetLayout {
  const { width, height, count } = frames
  const columns = Math.min(frames.columns ?? Math.ceil(Math.sqrt(count)), count)
  const rows = Math.ceil(count / columns)
  const gap = count === 1 ? 0 : Math.max(2, Math.round(Math.min(width, height) / 32))
  return { columns, rows, gap, width: gap + columns * (width + gap), height: gap + rows * (height + gap) }
}
