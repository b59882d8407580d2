import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromBinary } from '@bufbuild/protobuf'
import { median } from '#core/numbers/median'
import { createGaussian } from '#core/random/gaussian'
import { createTensor } from '#core/diffusion/tensor'
import { ModelProtoSchema } from '#engine/model/graph/onnx_pb'
import { timestepSinusoids } from '#engine/model/graph/timeEmbedding'
import type { UNet } from '#engine/model/graph/unet'
import { buildGraph } from '#engine/model/graph/networkGraph'
import { readWeights } from '#engine/model/weights/networkWeights'
import { createOnnxSession, type OnnxSession, type OnnxSessionOptions } from '#engine/model/network/onnx'
import { printTable, timed } from './measure'
import { bundledParts, threads } from './subjects'

/** Size and speed of the graph of fruits-64, before and after the runtime's own optimization. */
export async function benchGraph(): Promise<void> {
  const { unet, weightFiles } = await bundledParts()
  const weights = await readWeights(weightFiles)
  const scratch = await mkdtemp(join(tmpdir(), 'graph-'))
  const rows = [
    [
      'batch',
      'nodes built',
      'nodes run',
      'build ms',
      'session ms',
      'from optimized file',
      'ms/evaluation',
      'best',
      'ms/item',
    ],
  ]
  for (const batch of [1, 8]) {
    const optimizedModelPath = join(scratch, `${batch}.onnx`)
    let graph: Uint8Array = new Uint8Array()
    const building = await timed(async () => (graph = buildGraph(unet.write(batch), weights)))
    let session: OnnxSession | undefined
    const options = { threads, externalFolder: weights.folder }
    const opening = await timed(async () => (session = await createOnnxSession(graph, options)))
    const writing = await createOnnxSession(graph, { ...options, optimizedModelPath })
    await writing.close()
    const times = await evaluationTimes(session!, unet, batch)
    await session!.close()
    const reopening = await timedFromFile(optimizedModelPath, options)
    const figures = [building, opening, reopening, median(times), Math.min(...times), median(times) / batch]
    const nodes = [countNodes(graph), countNodes(await readFile(optimizedModelPath))]
    rows.push([String(batch), ...nodes.map(String), ...figures.map((figure) => figure.toFixed(1))])
  }
  await rm(scratch, { recursive: true })
  printTable(`The graph of fruits-64, ${threads} threads`, rows)
}

/** Opens the optimized graph that the runtime wrote, as engines do from the second time on. */
async function timedFromFile(path: string, options: OnnxSessionOptions): Promise<number> {
  const graph = await readFile(path)
  let session: OnnxSession | undefined
  const time = await timed(async () => (session = await createOnnxSession(graph, options)))
  await session!.close()
  return time
}

async function evaluationTimes(session: OnnxSession, unet: UNet, batch: number): Promise<number[]> {
  const sample = createTensor([batch, unet.channels, unet.height, unet.width])
  createGaussian(1).fill(sample.data)
  const sinusoids = timestepSinusoids(unet.sinusoids, 500)
  const times: number[] = []
  await session.run({ sample, sinusoids })
  for (let i = 0; i < 30; i++) times.push(await timed(() => session.run({ sample, sinusoids })))
  return times
}

function countNodes(model: Uint8Array): number {
  return fromBinary(ModelProtoSchema, model).graph?.node.length ?? 0
}
