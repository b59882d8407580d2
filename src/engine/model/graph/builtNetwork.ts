import type { Precision } from '#shared/devices'
import type { ModelInfo } from '#shared/reports'
import { createTensor, itemsOf, type Tensor } from '#core/diffusion/tensor'
import type { GraphSource } from '../network/OnnxNetwork'
import type { OpenGraph } from '../network/optimizedGraphs'
import type { AddedConfig } from './conditionUnetConfig'
import { computeTypes } from './graphWriter'
import { type SinusoidOptions, sinusoidsOf, timestepSinusoids } from './timeEmbedding'
import { activationBytes, buildGraph } from './networkGraph'
import type { UNet } from './unet'
import { readWeights } from '../weights/networkWeights'

/** What a U-Net is built from. */
export interface UNetParts {
  readonly unet: UNet
  readonly weightFiles: readonly string[]
}

/**
 * Builds a U-Net as graphs of constant shapes, one per batch size.
 *
 * @throws StudioError BAD_MODEL or UNSUPPORTED for weights that do not fit the configuration
 */
export async function builtNetwork(
  { unet, weightFiles }: UNetParts,
  info: ModelInfo,
  precision: Precision,
  openGraph: OpenGraph,
): Promise<GraphSource> {
  const weights = await readWeights(weightFiles)
  buildGraph(unet.write(1), weights)
  const computeType = computeTypes[precision]
  return {
    sampleName: 'sample',
    outputChannels: unet.outChannels,
    onlyBatch: null,
    activationBytes: activationBytes(unet.write(1), computeType),
    open: (batch) => {
      const graph = buildGraph(unet.write(batch), weights, computeType)
      return openGraph(graph, { externalFolder: weights.folder }, info)
    },
    conditionOn: (timestep, _, { pooled, sizes, ...condition }) => ({
      ...condition,
      ...(unet.text?.added && {
        added: addedVectors(pooled, sizes, { ...unet.sinusoids, ...unet.text.added }),
      }),
      sinusoids: timestepSinusoids(unet.sinusoids, timestep),
    }),
  }
}

/** Returns what SDXL adds to the timestep, [N, length]: pooled text embedding and sinusoids of every size. */
function addedVectors(
  pooled: Tensor,
  sizes: Tensor,
  { length, ...sinusoids }: SinusoidOptions & AddedConfig,
): Tensor {
  const [count] = pooled.shape
  const added = createTensor([count, length])
  for (let i = 0; i < count; i++) {
    const own = [...itemsOf(sizes, i, i + 1).data].flatMap((size) => sinusoidsOf(sinusoids, size))
    added.data.set([...itemsOf(pooled, i, i + 1).data, ...own], i * length)
  }
  return added
}
