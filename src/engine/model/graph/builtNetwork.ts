import type { Precision } from '#shared/devices'
import type { ModelInfo } from '#shared/reports'
import type { GraphSource } from '../network/OnnxNetwork'
import type { OpenGraph } from '../network/optimizedGraphs'
import { computeTypes } from './graphWriter'
import { timestepSinusoids } from './timeEmbedding'
import type { UNetConfig } from './unetConfig'
import { activationBytesOf, buildUNetGraph } from './unetGraph'
import { readWeights } from '../weights/networkWeights'

/** What a `UNet2DModel` is built from. */
export interface UNetParts {
  readonly config: UNetConfig
  readonly weightFiles: readonly string[]
}

/**
 * A `UNet2DModel` as graphs of constant shapes, one a batch size.
 *
 * @throws StudioError BAD_MODEL or UNSUPPORTED for weights that do not fit the configuration
 */
export async function builtNetwork(
  { config, weightFiles }: UNetParts,
  info: ModelInfo,
  precision: Precision,
  openGraph: OpenGraph,
): Promise<GraphSource> {
  const weights = await readWeights(weightFiles)
  buildUNetGraph(config, weights, 1)
  const computeType = computeTypes[precision]
  return {
    sampleName: 'sample',
    outputChannels: config.outChannels,
    onlyBatch: null,
    activationBytes: activationBytesOf(config, computeType),
    open: (batch) => {
      const graph = buildUNetGraph(config, weights, batch, computeType)
      return openGraph(graph, { externalFolder: weights.folder }, info)
    },
    conditionOn: (timestep, _, condition) => ({
      ...condition,
      sinusoids: timestepSinusoids(config, timestep),
    }),
  }
}
