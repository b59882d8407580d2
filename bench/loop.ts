import { decode } from '../src/main/engine/core/inversion'
import { createGaussian } from '../src/main/engine/core/gaussian'
import { createTensor } from '../src/main/engine/core/tensor'
import { runSolver } from '../src/main/engine/latent/runSolver'
import { readWeights } from '../src/main/engine/model/diffusers/weights'
import { timestepSinusoids } from '../src/main/engine/model/diffusers/timeEmbedding'
import { buildUNetGraph } from '../src/main/engine/model/diffusers/unetGraph'
import { describeModel } from '../src/main/engine/model/modelInfo'
import { createOnnxSession } from '../src/main/engine/model/onnx'
import { openModel } from '../src/main/engine/model/openModel'
import { bundledModel, threads } from './subjects'
import { printTable, timedInPairs } from './measure'

const steps = 10

/** What the solver's loop costs over bare calls of the runtime: the same graph, batch and number of evaluations. */
export async function benchLoop(): Promise<void> {
  const rows = [['batch', 'loop ms/evaluation', 'bare session.run', 'ratio']]
  const model = await openModel({ path: bundledModel, threads })
  const { folder, config, schedule } = await describeModel(bundledModel)
  const weights = await readWeights(folder.weightFiles)
  for (const batch of [1, 8]) {
    const session = await createOnnxSession(buildUNetGraph(config, weights, batch), {
      threads,
      externalFolder: weights.folder,
    })
    const x = createTensor([batch, ...model.shape])
    createGaussian(1).fill(x.data)
    const settings = {
      solver: '2m',
      nodes: 'logSnr',
      steps,
      eta: 0,
      sigmaHat: false,
      seed: 0,
      clip: false,
    } as const
    const predictEpsilon = model.predict.bind(model)
    const loop = () =>
      runSolver(decode({ x, timestep: 999 }, { schedule, settings, predictEpsilon }), () => undefined)
    const sinusoids = timestepSinusoids(config, 500)
    const bare = async () => {
      for (let i = 0; i < steps; i++) await session.run({ sample: x, sinusoids })
    }
    const { a, b, ratio } = await timedInPairs(loop, bare, batch === 1 ? 15 : 7)
    rows.push([String(batch), (a / steps).toFixed(1), (b / steps).toFixed(1), ratio.toFixed(3)])
    await session.close()
  }
  await model.close()
  printTable('Loop over bare session.run (medians; ratio by pairs)', rows)
}
