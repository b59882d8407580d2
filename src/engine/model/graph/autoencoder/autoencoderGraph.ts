import type { Weights } from '../../weights/networkWeights'
import { type ComputeType, GraphWriter, type Value } from '../graphWriter'
import { add, mul } from '../operators'
import { madeUpWeights, Scope } from '../Scope'
import { WeightCheck, WeightInitializers } from '../weightInitializers'
import type { Autoencoder } from './Autoencoder'

/** The two networks of an autoencoder. */
export const codings = ['encoder', 'decoder'] as const
export type Coding = (typeof codings)[number]

/** What the graphs of an autoencoder are built for. */
export interface AutoencoderPlan {
  readonly autoencoder: Autoencoder
  /** Of one state, in positions. */
  readonly stateSize: { readonly height: number; readonly width: number }
}

/**
 * Builds the ONNX graph of an encoder or a decoder for one batch size, or for any. Its input is `sample`, pictures [N, 1 or 3, H, W] on
 * [-1, 1] or states [N, C, h, w], its output the other of the two: shift and scale between codes and states are part
 * of the graph.
 *
 * @throws StudioError BAD_MODEL when a tensor is missing or of another shape than the configuration says
 */
export function buildCodingGraph(
  coding: Coding,
  plan: AutoencoderPlan,
  weights: Weights,
  { batch, computeType }: { batch: number | 'any'; computeType: ComputeType },
): Uint8Array {
  const anyBatch = batch === 'any'
  const graph = new GraphWriter(computeType, anyBatch)
  const model = new Scope(graph, new WeightInitializers(graph, weights))
  const answer = writeCoding(coding, model, plan, anyBatch ? 1 : batch)
  return graph.finish(answer, anyBatch ? 'out_sample' : undefined)
}

/**
 * Checks the names and shapes of an autoencoder's tensors against its configuration. No weights are read.
 *
 * @returns the names of tensors that it has no place for
 * @throws StudioError BAD_MODEL when a tensor is missing or of another shape than the configuration says
 */
export function checkAutoencoderTensors(
  plan: AutoencoderPlan,
  tensors: ReadonlyMap<string, { shape: readonly number[]; file: string }>,
): readonly string[] {
  const graph = new GraphWriter()
  const check = new WeightCheck(graph, tensors)
  for (const coding of codings) writeCoding(coding, new Scope(graph, check), plan, 1)
  return check.leftOver
}

/** The most memory that the activations of one picture hold at once, in bytes. */
export function codingBytesOf(coding: Coding, plan: AutoencoderPlan, computeType: ComputeType): number {
  const graph = new GraphWriter(computeType)
  writeCoding(coding, new Scope(graph, madeUpWeights(graph)), plan, 1)
  return graph.peakActivationBytes()
}

function writeCoding(
  coding: Coding,
  model: Scope,
  { autoencoder, stateSize: { height, width } }: AutoencoderPlan,
  batch: number,
): Value {
  const { pictureChannels, stateChannels, factor, scale } = autoencoder
  const perChannel = (values: readonly number[]) => model.graph.floats(values, [stateChannels, 1, 1])
  if (coding === 'encoder') {
    const shape = [batch, pictureChannels, height * factor, width * factor]
    const code = autoencoder.writeEncoder(model, model.graph.input('sample', shape))
    const centred = add(model, code, perChannel(scale.shift.map((shift) => -shift)))
    return mul(model, centred, perChannel(scale.factor))
  }
  const states = model.graph.input('sample', [batch, stateChannels, height, width])
  const centred = mul(model, states, perChannel(scale.factor.map((one) => 1 / one)))
  return autoencoder.writeDecoder(model, add(model, centred, perChannel(scale.shift)))
}
