/** The mark on each point of a curve. */
export type Marker = 'circle' | 'square' | 'triangle' | 'diamond' | 'cross'

/** How a curve looks, in the window and on paper alike. */
export interface CurveStyle {
  /** CSS colours on a light and on a dark ground. */
  readonly colour: { readonly light: string; readonly dark: string }
  /** Lengths of dash and gap in pixels; empty for a solid line. */
  readonly dash: readonly number[]
  readonly marker: Marker
  /** Whether marks are outlines. */
  readonly hollow: boolean
}

/** A point of a curve. Charts that show the same thing from several sides give it the same id. */
export interface CurvePoint {
  readonly id: string
  /** What people call it. */
  readonly name: string
  readonly x: number
  readonly y: number
}

/** One line of a chart. */
export interface Curve {
  readonly key: string
  readonly label: string
  readonly style: CurveStyle
  /** Whether it is there for comparison only. */
  readonly reference?: boolean
  /** By rising x. */
  readonly points: readonly CurvePoint[]
}
