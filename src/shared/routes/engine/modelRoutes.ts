import { z } from 'zod'
import { precisions } from '../../devices'
import type { ExportedRepository, ModelList } from '../../models'
import type { CheckedModel, ModelHeaders, ModelInfo, ModelPace } from '../../reports'
import { modelSource } from '../../modelSource'
import { encodeSettings } from '../../settings'
import { route } from '../route'

/** Descriptions of models, their checks and their export. */
export const modelRoutes = {
  /** Reads only configuration, card and weight headers: under a second, however large the model. */
  'model.headers': route<ModelHeaders>()(z.object({ model: modelSource })),
  /** The same, with a hash of the weights, which are read for it but not loaded. */
  'model.info': route<ModelInfo>()(z.object({ model: modelSource })),
  /** Opens a model and runs the intake test, which takes some evaluations of its network. */
  'model.check': route<CheckedModel>()(z.object({ model: modelSource })),
  /** How long a model takes, as earlier work has shown. */
  'model.pace': route<ModelPace>()(
    z.object({
      model: modelSource,
      /** Whether to try what earlier work has not shown, which takes some evaluations of the network. */
      measure: z.boolean().default(true),
    }),
  ),
  /** The timesteps that encoding with these settings visits, ascending. */
  'model.timesteps': route<number[]>()(z.object({ model: modelSource, settings: encodeSettings })),
  /**
   * Lists the models on this computer: the bundled ones, those in the Hugging Face cache, and those in or directly
   * below some folders. Reads only configurations and headers, and the weights of those named as a bundled one.
   */
  'model.list': route<ModelList>()(
    z.object({ bundled: z.array(z.string().min(1)), folders: z.array(z.string().min(1)) }),
  ),
  /** Exports a model as ONNX graphs in a repository for NVIDIA Triton. */
  'model.export': route<ExportedRepository>()(
    z.object({
      model: modelSource,
      folder: z.string().min(1),
      precision: z.enum(precisions).default('fp32'),
      overwrite: z.boolean().default(false),
    }),
  ),
} as const
