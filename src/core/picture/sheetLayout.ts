/** Frames of one size that go on one picture. */
export interface SheetFrames {
  readonly width: number
  readonly height: number
  readonly count: number
  /** Left out, as many columns as rows or one more. */
  readonly columns?: number | undefined
}

/** Where the frames of a contact sheet lie, row by row from the top left; all in pixels. */
export interface SheetLayout {
  readonly columns: number
  readonly rows: number
  /** White lines between the frames and around them: a 32nd of a frame, two pixels at least. One frame alone has none. */
  readonly gap: number
  readonly width: number
  readonly height: number
}

/** Lays out a contact sheet of at least one frame. */
export function sheetLayout(frames: SheetFrames): SheetLayout {
  const { width, height, count } = frames
  const columns = Math.min(frames.columns ?? Math.ceil(Math.sqrt(count)), count)
  const rows = Math.ceil(count / columns)
  const gap = count === 1 ? 0 : Math.max(2, Math.round(Math.min(width, height) / 32))
  return { columns, rows, gap, width: gap + columns * (width + gap), height: gap + rows * (height + gap) }
}
