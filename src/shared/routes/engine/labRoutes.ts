import { z } from 'zod'
import { shard } from '../../batch'
import { type DiscreteReport, discreteStudy, type LabReport, labStudy } from '../../lab'
import { modelSource } from '../../modelSource'
import { route } from '../route'

/** The studies of the Lab, and the discrete process. */
export const labRoutes = {
  /**
   * Measures every cell of a study into a folder: lab.csv, lab.json and PNG figures. Repeating an interrupted request
   * resumes it; the folder must be new, empty, or hold the same study. Each measured cell is reported as progress.
   */
  'lab.run': route<LabReport>()(
    z.object({
      model: modelSource,
      study: labStudy,
      folder: z.string().min(1),
      /** Whether to draw the pictures of section 5.2 and appendix D.5 too, which costs network evaluations. */
      figures: z.boolean().default(true),
      /** Measures only cells k with k mod count = index, into a folder of the shard's own inside `folder`. */
      shard: shard.optional(),
    }),
  ),
  /** A study that was run before, finished or not. */
  'lab.open': route<LabReport>()(z.object({ folder: z.string().min(1) })),
  /** The discrete process of the paper's appendix A on pictures of a few colours; the model decodes stops that are none. */
  'lab.discrete': route<DiscreteReport>()(discreteStudy.extend({ model: modelSource })),
} as const
