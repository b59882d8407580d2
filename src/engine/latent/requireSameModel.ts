import { StudioError } from '#shared/errors'
import type { LatentReport, ModelInfo } from '#shared/reports'
import type { Latent } from '#core/diffusion/latent'

/** The facts that decide whether a latent belongs to a model. */
type ModelIdentity = Pick<ModelInfo, 'id' | 'sha256' | 'scheduleHash' | 'state' | 'numTrainTimesteps'>

/**
 * Rejects a latent that a model cannot decode, or would decode to something other than its origin.
 *
 * @param report  null for a latent that does not name its model: then only its shape and timestep are checked
 * @throws StudioError MODEL_MISMATCH with the names of both
 */
export function requireSameModel(
  report: Pick<LatentReport, 'modelId' | 'modelSha256' | 'scheduleHash'> | null,
  latent: Latent,
  model: ModelIdentity,
  path: string,
): void {
  const mismatch = (what: string) =>
    new StudioError('MODEL_MISMATCH', `"${path}" does not fit the model "${model.id}": ${what}`, { path })
  if (report && report.modelSha256 !== model.sha256) {
    const [made, open] = [report.modelSha256.slice(0, 8), model.sha256.slice(0, 8)]
    throw mismatch(`it was made with "${report.modelId}" (${made}, not ${open}): open it with that one.`)
  }
  if (report && report.scheduleHash !== model.scheduleHash) {
    throw mismatch(
      `it was made with another noise schedule of "${report.modelId}": encode the picture again.`,
    )
  }
  const { shape } = latent.x
  const expected = [1, model.state.channels, model.state.height, model.state.width]
  if (shape.join() !== expected.join()) {
    const isChannelsLast = shape.join() === [1, expected[2], expected[3], expected[1]].join()
    if (isChannelsLast && !report) {
      throw mismatch(
        `the latent has shape [${shape.join(', ')}], with the channels last, not [${expected.join(', ')}]: save np.moveaxis(x, -1, -3), or x.movedim(-1, -3) in PyTorch.`,
      )
    }
    const made = report ? `of "${report.modelId}" ` : ''
    throw mismatch(
      `the latent ${made}has shape [${shape.join(', ')}], not [${expected.join(', ')}]: open the model that made it, or encode the picture again.`,
    )
  }
  if (latent.timestep >= model.numTrainTimesteps) {
    throw mismatch(
      `its timestep ${latent.timestep} is beyond the last, ${model.numTrainTimesteps - 1}: open the model that made it.`,
    )
  }
}
