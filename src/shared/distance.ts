/** How far two sets of pictures are apart. */
import { z } from 'zod'

/** A network whose answers stand for what is in a picture. */
export const featureNetwork = z.object({
  /** An ONNX graph of one input, [N, 3, H, W], and one output. */
  path: z.string().min(1),
  /** What black and white are to it. */
  range: z.tuple([z.number(), z.number()]).default([-1, 1]),
  /** Pixels a side of what it is shown; that of its graph, or of the pictures where any goes. */
  side: z.int().min(1).max(4096).optional(),
})
export type FeatureNetwork = z.infer<typeof featureNetwork>

/** What a comparison found. Features are there with a network, slices without. */
export interface DistanceReport {
  /** Pictures of each set; null for statistics, which do not tell. */
  pictures: { a: number | null; b: number | null }
  features: {
    /** Values a picture. */
    size: number
    frechet: number
    /** With the kernel (x·y / D + 1)³; null where one of the sets is only statistics. */
    kernel: number | null
    /** Of B, where A is what is real. */
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
