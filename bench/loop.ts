import { median } from '#core/numbers/median'
import { createGaussian } from '#core/random/gaussian'
import { decode } from '#core/diffusion/inversion'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import { runSolver } from '#engine/latent/runSolver'
import { readWeights } from '#engine/model/weights/networkWeights'
import { timestepSinusoids } from '#engine/model/graph/timeEmbedding'
import { buildGraph } from '#engine/model/graph/networkGraph'
import type { Model } from '#engine/model/denoiser/model'
import { createOnnxSession } from '#engine/model/network/onnx'
import { type GraphSource, OnnxNetwork } from '#engine/model/network/OnnxNetwork'
import { Denoiser } from '#engine/model/denoiser/Denoiser'
import { Turns } from '#engine/model/network/Turns'
import { openModel } from '#engine/model/denoiser/openModel'
import { printTable, timed, timedInPairs } from './measure'
import { bundledModel, bundledParts, threads } from './subjects'

const steps = 10

const settings = {
  solver: '2m',
  timestepSpacing: 'logSnr',
  steps,
  eta: 0,
  sigmaHat: false,
  seed: 0,
  clip: false,
} as const

/** A network that returns at once, with whatever the output held before. */
const noNetwork: GraphSource = {
  sampleName: 'sample',
  outputChannels: 3,
  onlyBatch: null,
  activationBytes: null,
  open: async () => ({ inputNames: [], run: async (_inputs, out) => out!, close: async () => undefined }),
  conditionOn: () => ({}),
}

/**
 * The overhead of the solver's loop over bare calls of the runtime, with the same graph, batch and number of
 * evaluations. The last column is the loop with a network that takes no time, which other load cannot hide.
 */
export async function benchLoop(): Promise<void> {
  const rows = [['batch', 'loop ms/evaluation', 'bare session.run', 'ratio', 'loop alone']]
  const model = await openModel({ path: bundledModel, threads })
  const { unet, weightFiles } = await bundledParts()
  const weights = await readWeights(weightFiles)
  for (const batch of [1, 8]) {
    const session = await createOnnxSession(buildGraph(unet.write(batch), weights), {
      threads,
      externalFolder: weights.folder,
    })
    const x = createTensor([batch, ...model.space.stateShape])
    createGaussian(1).fill(x.data)
    const loop = () => decodeWith(model, x)
    const sinusoids = timestepSinusoids(unet.sinusoids, 500)
    const bare = async () => {
      for (let i = 0; i < steps; i++) await session.run({ sample: x, sinusoids })
    }
    const { a, b, ratio } = await timedInPairs(loop, bare, batch === 1 ? 15 : 7)
    const figures = [(a / steps).toFixed(1), (b / steps).toFixed(1), ratio.toFixed(3)]
    rows.push([String(batch), ...figures, (await timeAlone(model, x)).toFixed(2)])
    await session.close()
  }
  await model.close()
  printTable('Loop over bare session.run (medians; ratio by pairs)', rows)
}

function decodeWith(model: Model, x: Tensor): Promise<unknown> {
  const { schedule } = model
  const predictEpsilon = model.denoiser.predictor()
  return runSolver(decode({ x, timestep: 999 }, { schedule, settings, predictEpsilon }), () => undefined)
}

/** Median milliseconds per evaluation of everything but the network. */
async function timeAlone(whole: Model, x: Tensor): Promise<number> {
  const { info, schedule, space, compute } = whole
  const denoiser = new Denoiser({
    model: info,
    network: new OnnxNetwork(noNetwork, compute, info.path),
    schedule,
    stateShape: space.stateShape,
    turns: new Turns(),
  })
  const model = { ...whole, denoiser }
  const times: number[] = []
  for (let i = 0; i < 100; i++) times.push(await timed(() => decodeWith(model, x)))
  return median(times) / steps
}
