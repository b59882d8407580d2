/** A part of a long run. */
export interface Part {
  /** Its share of the whole. */
  readonly share: number
  /** Different for each part. */
  readonly seed: number
  /** For headings: ", part 2 of 4". */
  readonly name: string
}

/** Returns the part that `BENCH_PART=2/4` selects, or the whole without it. */
export function selectedPart(): Part {
  const [part, parts] = (process.env.BENCH_PART ?? '1/1').split('/').map(Number)
  return { share: 1 / parts, seed: 2026 + 1000 * part, name: parts > 1 ? `, part ${part} of ${parts}` : '' }
}
