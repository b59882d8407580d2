import type { CurveStyle } from '#core/format/chart/curve'

/** The colour of a curve as CSS, for both themes. */
export function cssColour({ colour }: Pick<CurveStyle, 'colour'>): string {
  return `light-dark(${colour.light}, ${colour.dark})`
}
