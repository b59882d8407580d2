import { readPictureInfo, openPicture } from './image/decodePicture'
import { encodePng } from './image/encodePicture'
import { fitPicture } from './image/fitPicture'
import { solverOf } from '#core/diffusion/solvers/registry'
import { chooseTimesteps } from '#core/diffusion/timestepSpacing'
import { exportAnimation } from './animation/exportAnimation'
import { describeProvenance } from './animation/provenance'
import { planFrame, renderFrames } from './animation/renderFrames'
import { encodeAndMeasure } from './latent/encodeAndMeasure'
import { openStudy } from './lab/report'
import { runStudy } from './lab/runStudy'
import { requireWritableLatent, writeLatentFile } from './latent/latentFile'
import { resolveLatent, resolveMeasuredLatent, resolveStops } from './latent/resolveLatent'
import { describeModel, readModelInfo } from './model/folders/modelInfo'
import type { OpenGraph } from './model/network/optimizedGraphs'
import type { EngineHandlers } from './serve'
import { createEngineServices } from './job/services'

/** The routes of the contract and what answers them. */
export function createEngineHandlers(openGraph?: OpenGraph): EngineHandlers {
  const services = createEngineServices(openGraph)
  return {
    'model.info': ({ model }) => readModelInfo(model.path),

    async 'model.timesteps'({ model, settings }) {
      const { schedule } = await describeModel(model.path)
      return [...chooseTimesteps(schedule, settings)]
    },

    'picture.info': ({ path }) => readPictureInfo(path),

    async 'picture.preview'({ picture, width, height }) {
      return encodePng(fitPicture(await openPicture(picture.path), picture.fit, width, height))
    },

    'latent.encode': (request, context) => encodeAndMeasure(services, request, context),

    async 'latent.info'({ model, latent }, context) {
      const opened = await services.openModel(model)
      return (await resolveLatent(services, opened, latent, null, context)).report
    },

    async 'latent.save'({ model, latent, decode, path, overwrite }, context) {
      const isPair = latent.kind === 'picture' && solverOf(latent.encode.solver).isPair
      await requireWritableLatent(path, isPair, { overwrite })
      const opened = await services.openModel(model)
      const { latent: resolved, report } = await resolveMeasuredLatent(
        services,
        opened,
        latent,
        decode,
        context,
      )
      await writeLatentFile(path, resolved, report, { overwrite })
      return report
    },

    async 'animation.frames'({ model, plan, indices, decode }, context) {
      const started = performance.now()
      const opened = await services.openModel(model)
      const stops = await resolveStops(plan, (source) =>
        resolveLatent(services, opened, source, decode, context),
      )
      const planned = indices.map((index) => planFrame(plan, stops, index))
      const frames = await renderFrames(services, opened, planned, decode, context, 'interactive')
      return { frames, seconds: (performance.now() - started) / 1000 }
    },

    async 'animation.provenance'({ model, ...request }, context) {
      const opened = await services.openModel(model)
      const stops = await resolveStops(request.plan, (source) =>
        resolveLatent(services, opened, source, request.decode, context),
      )
      return describeProvenance(opened, request, stops)
    },

    'animation.export': (request, context) => exportAnimation(services, request, context),

    'lab.run': (request, context) => runStudy(services, request, context),

    'lab.open': ({ folder }) => openStudy(folder),
  }
}
