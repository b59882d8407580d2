import { z } from 'zod'
import { type ModelList, pullRequest, type PullReport } from '../../models'
import { route } from '../route'

/** The models on this computer, and those that can be downloaded to it. */
export const modelLibraryRoutes = {
  /** The models on this computer: see `model.list`. */
  'models.list': route<ModelList>()(z.object({})),
  /** Downloads a model into the Hugging Face cache, unless the preferences forbid it. */
  'models.pull': route<PullReport>()(pullRequest),
} as const
