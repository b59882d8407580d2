import type { Latent } from '../../diffusion/latent'

/** What a frame between two stops is mixed from. */
export interface Neighbourhood {
  /** In their order along the path: the two stops of the segment and, for a path that looks around, the next ones. */
  readonly latents: readonly Latent[]
  /** Position of the segment's first stop among them: 0, or 1 where there is a stop before it. */
  readonly from: number
  /** Frames from each latent to the next: one number fewer than latents. */
  readonly durations: readonly number[]
}

/** All that the product knows of one kind of path between stops: a row of the registry. */
export interface InterpolationRow {
  /** Its name on the command line and in files. */
  readonly id: string
  /** Its name for people. */
  readonly title: string
  /** What it does, in one plain sentence. */
  readonly help: string
  /** Whether a segment also depends on the stops before and after its own two. */
  readonly looksAround: boolean
  /**
   * What each latent of a neighbourhood is multiplied with at a fraction of the segment, above 0 and below 1: at both
   * ends a path shows the stop itself.
   */
  readonly weights: (neighbourhood: Neighbourhood, fraction: number) => readonly number[]
}
