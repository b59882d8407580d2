/** The marker on each point of a curve. */
export type Marker = 'circle' | 'square' | 'triangle' | 'diamond' | 'cross'

/** The style of a curve, both in the window and in print. */
export interface CurveStyle {
  /** CSS colours on light and dark backgrounds. */
  readonly colour: { readonly light: string; readonly dark: string }
  /** Lengths of dashes and gaps in pixels; empty for a solid line. */
  readonly dash: readonly number[]
  readonly marker: Marker
  /** Whether markers are outlines. */
  readonly hollow: boolean
}

/** A point of a curve. Charts that show different aspects of the same thing give it the same id. */
export interface CurvePoint {
  readonly id: string
  /** Its display name. */
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
  /** In order of increasing x. */
  readonly points: readonly CurvePoint[]
}
