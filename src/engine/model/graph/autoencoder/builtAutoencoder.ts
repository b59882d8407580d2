import type { Precision } from '#shared/devices'
import type { ModelInfo } from '#shared/reports'
import type { GraphSource } from '../../network/OnnxNetwork'
import type { OpenGraph } from '../../network/optimizedGraphs'
import { readWeights } from '../../weights/networkWeights'
import { computeTypes } from '../graphWriter'
import { activationBytes, buildGraph } from '../networkGraph'
import { type AutoencoderPlan, type Coding, writeCoding } from './autoencoderGraph'

/** What an autoencoder is built from. */
export interface AutoencoderParts extends AutoencoderPlan {
  readonly weightFiles: readonly string[]
  /** The part of a state that is decoded at once; null for the whole state. */
  readonly tile: AutoencoderPlan['stateSize'] | null
}

/**
 * Builds encoder and decoder of an autoencoder as graphs of constant shapes, one per batch size.
 *
 * @throws StudioError BAD_MODEL or UNSUPPORTED for weights that do not fit the configuration
 */
export async function builtAutoencoder(
  { weightFiles, tile, ...plan }: AutoencoderParts,
  info: ModelInfo,
  precision: Precision,
  openGraph: OpenGraph,
): Promise<Readonly<Record<Coding, GraphSource>>> {
  const weights = await readWeights(weightFiles)
  const { pictureChannels, stateChannels, needsFloat32 } = plan.autoencoder
  const computeType = computeTypes[needsFloat32 ? 'fp32' : precision]
  const sourceOf = (coding: Coding, own: AutoencoderPlan, outputChannels: number): GraphSource => ({
    sampleName: 'sample',
    outputChannels,
    onlyBatch: null,
    activationBytes: activationBytes(writeCoding(coding, own, 1), computeType),
    open: (batch) => {
      const graph = buildGraph(writeCoding(coding, own, batch), weights, computeType)
      return openGraph(graph, { externalFolder: weights.folder }, info)
    },
    conditionOn: () => ({}),
  })
  const tilePlan = tile === null ? plan : { ...plan, stateSize: tile }
  return {
    encoder: sourceOf('encoder', plan, stateChannels),
    decoder: sourceOf('decoder', tilePlan, pictureChannels),
  }
}
