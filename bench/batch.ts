import { median } from '#core/numbers/median'
import { createTensor } from '#core/diffusion/tensor'
import { createGaussian } from '#core/random/gaussian'
import { timestepSinusoids } from '#engine/model/graph/timeEmbedding'
import { buildGraph } from '#engine/model/graph/networkGraph'
import { readWeights } from '#engine/model/weights/networkWeights'
import { createOnnxSession } from '#engine/model/network/onnx'
import { printTable } from './measure'
import { bundledParts } from './subjects'

const batches = [1, 2, 4, 8, 16, 32, 64]

/** Processor time of some work, in milliseconds, so that other load on the machine does not count. */
async function processorTime(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/**
 * The cost per picture on the CPU by batch size, from which the rule in model/automaticBatch.ts comes. Uses
 * bare sessions, because a model splits large batches, and one thread, because several wait for each other in
 * loops that take processor time too.
 */
export async function benchBatch(): Promise<void> {
  const { unet, weightFiles } = await bundledParts()
  const weights = await readWeights(weightFiles)
  const sinusoids = timestepSinusoids(unet.sinusoids, 500)
  const rows = [['batch', 'processor ms/picture', 'best']]
  for (const batch of batches) {
    const graph = buildGraph(unet.write(batch), weights)
    const session = await createOnnxSession(graph, { threads: 1, externalFolder: weights.folder })
    const sample = createTensor([batch, unet.channels, unet.height, unet.width])
    createGaussian(1).fill(sample.data)
    await session.run({ sample, sinusoids })
    const times: number[] = []
    for (let round = 0; round < Math.max(3, 48 / batch); round++) {
      times.push((await processorTime(() => session.run({ sample, sinusoids }))) / batch)
    }
    await session.close()
    rows.push([String(batch), median(times).toFixed(1), Math.min(...times).toFixed(1)])
  }
  printTable('One picture by the size of its batch, one thread', rows)
}
