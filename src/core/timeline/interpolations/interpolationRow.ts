import type { Latent } from '../../diffusion/latent'

/** The latents that a frame between two stops is mixed from. */
export interface Neighbourhood {
  /** In path order: the two stops of the segment and, if the path looks around, those next to them. */
  readonly latents: readonly Latent[]
  /** Position of the segment's first stop among them: 0, or 1 if there is a stop before it. */
  readonly from: number
  /** Frames from each latent to the next: one fewer than latents. */
  readonly durations: readonly number[]
}

/** Everything the application knows about one kind of path between stops: a row of the registry. */
export interface InterpolationRow {
  /** Its name on the command line and in files. */
  readonly id: string
  /** Its display name. */
  readonly title: string
  /** What it does, in one plain sentence. */
  readonly help: string
  /** Whether a segment also depends on the stops before and after its own two. */
  readonly looksAround: boolean
  /**
   * Returns the weight of each latent of a neighbourhood at a fraction of the segment, above 0 and below 1:
   * at both ends a path shows the stop itself.
   */
  readonly weights: (neighbourhood: Neighbourhood, fraction: number) => readonly number[]
}
