import { z } from 'zod'
import { shard } from '../../batch'
import { type DiscreteReport, discreteStudy, type LabReport, labStudy } from '../../lab'
import { modelSource } from '../../modelSource'
import { route } from '../route'

/** The Lab's studies, and the discrete process. */
export const labRoutes = {
  /**
   * Measures every cell of a study into a folder: lab.csv, lab.json and PNG figures. Repeating an interrupted
   * request resumes it; the folder must be new, be empty, or hold the same study. Each measured cell is
   * reported as progress.
   */
  'lab.run': route<LabReport>()(
    z.object({
      model: modelSource,
      study: labStudy,
      folder: z.string().min(1),
      /** Whether to draw the figures of section 5.2 and appendix D.5 too, at the cost of evaluations. */
      figures: z.boolean().default(true),
      /** Measures only the cells k with k mod count = index, into the shard's own folder inside `folder`. */
      shard: shard.optional(),
    }),
  ),
  /** Opens an earlier study, finished or not. */
  'lab.open': route<LabReport>()(z.object({ folder: z.string().min(1) })),
  /**
   * Runs the discrete process of the paper's appendix A on pictures with few colours. Stops that are not
   * pictures are decoded by the model first.
   */
  'lab.discrete': route<DiscreteReport>()(discreteStudy.extend({ model: modelSource })),
} as const
