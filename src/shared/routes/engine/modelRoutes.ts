import { z } from 'zod'
import { precisions } from '../../devices'
import type { ExportedRepository, ModelList } from '../../models'
import type { CheckedModel, ModelHeaders, ModelInfo } from '../../reports'
import { modelSource } from '../../modelSource'
import { encodeSettings } from '../../settings'
import { route } from '../route'

/** What models say of themselves, and what becomes of them. */
export const modelRoutes = {
  /** Reads configuration, card and weight headers, and nothing else: under a second, however large the model. */
  'model.headers': route<ModelHeaders>()(z.object({ model: modelSource })),
  /** The same with the identity of the weights, for which they are read, not loaded. */
  'model.info': route<ModelInfo>()(z.object({ model: modelSource })),
  /** Opens a model and puts it through the intake test: some evaluations of its network. */
  'model.check': route<CheckedModel>()(z.object({ model: modelSource })),
  /** The timesteps that encoding by these settings visits, ascending. */
  'model.timesteps': route<number[]>()(z.object({ model: modelSource, settings: encodeSettings })),
  /**
   * The models of this computer: the bundled ones, those of the Hugging Face cache, and those in or below some folders.
   * Reads configurations and headers alone.
   */
  'model.list': route<ModelList>()(
    z.object({ bundled: z.array(z.string().min(1)), folders: z.array(z.string().min(1)) }),
  ),
  /** Writes a model as ONNX graphs in a repository that NVIDIA Triton serves. */
  'model.export': route<ExportedRepository>()(
    z.object({
      model: modelSource,
      folder: z.string().min(1),
      precision: z.enum(precisions).default('fp32'),
      overwrite: z.boolean().default(false),
    }),
  ),
} as const
