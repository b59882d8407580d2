/** Distances between two sets of pictures. */
import { z } from 'zod'

/** A network whose outputs are features of a picture. */
export const featureNetwork = z.object({
  /** An ONNX graph with one input, [N, 3, H, W], and one output. */
  path: z.string().min(1),
  /** The values that stand for black and white in its input. */
  range: z.tuple([z.number(), z.number()]).default([-1, 1]),
  /**
   * Side of its input, in pixels. Defaults to that of the graph, or to that of the pictures if the graph
   * takes any size.
   */
  side: z.int().min(1).max(4096).optional(),
})
export type FeatureNetwork = z.infer<typeof featureNetwork>

/** The result of a comparison: `features` is set with a feature network, `slices` without one. */
export interface DistanceReport {
  /** Number of pictures in each set; null for statistics, which do not record it. */
  pictures: { a: number | null; b: number | null }
  features: {
    /** Values per picture. */
    size: number
    frechet: number
    /** Kernel distance with (x·y / D + 1)³; null if one of the sets is only statistics. */
    kernel: number | null
    /** Precision of B, with A as the real set. */
    precision: number | null
    recall: number | null
  } | null
  slices: {
    pixels: number
    /** Mean over the levels. */
    pyramid: number
    levels: { side: number; distance: number }[]
  } | null
  seconds: number
}
