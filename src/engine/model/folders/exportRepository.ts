import { copyFile, realpath, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { createAtomicFolder } from '#files/atomicFolder'
import { explained } from '#files/fileErrors'
import { makeFolder } from '#files/makeFolder'
import type { Precision } from '#shared/devices'
import { StudioError } from '#shared/errors'
import type { ExportedRepository } from '#shared/models'
import { codings, writeCoding } from '../graph/autoencoder/autoencoderGraph'
import { computeTypes, type ComputeType } from '../graph/graphWriter'
import { buildServedGraph, servedOutput } from '../graph/networkGraph'
import { TensorProto_DataType as DataType } from '../graph/onnx_pb'
import { readWeights, type Weights } from '../weights/networkWeights'
import { describeModel, type ModelDescription, type ModelQuery } from './modelInfo'

/** The most items that a server merges into one batch. */
const mostItems = 64

/** A graph as it appears in a server's repository. */
interface ServedGraph {
  readonly name: string
  readonly graph: Uint8Array
  readonly weights: Weights
  readonly inputs: readonly ServedTensor[]
  readonly output: ServedTensor
}

interface ServedTensor {
  readonly name: string
  readonly type: ComputeType
  /** Without the batch axis; empty for one number per item. */
  readonly dims: readonly number[]
}

/**
 * Writes a model as an NVIDIA Triton model repository: a folder with `model.onnx` and a configuration for the
 * network and, in latent diffusion, for encoder and decoder. Weights are copied unchanged.
 *
 * @throws StudioError EXISTS or UNWRITABLE; UNSUPPORTED for a model that is already a graph; whatever reading
 *   a model throws
 */
export async function exportRepository(
  query: ModelQuery,
  { folder, precision, overwrite }: { folder: string; precision: Precision; overwrite: boolean },
): Promise<ExportedRepository> {
  const description = await describeModel(query)
  const graphs = [await networkGraph(description, precision), ...(await codingGraphs(description, precision))]
  const target = await createAtomicFolder(folder, {
    overwrite,
    replaces: (name) => graphs.some((graph) => graph.name === name),
  })
  try {
    for (const graph of graphs) {
      await explained(folder, 'write', () => writeServed(join(target.temporaryPath, graph.name), graph))
    }
    await target.commit()
  } finally {
    await target.abort()
  }
  return { folder, models: graphs.map(({ name }) => name) }
}

async function networkGraph(
  { network, texts, info, schedule }: ModelDescription,
  precision: Precision,
): Promise<ServedGraph> {
  const unserved = (what: string) =>
    new StudioError('UNSUPPORTED', `${info.id} ${what}, which servers are not asked yet.`)
  if (texts !== null) throw unserved('is text-conditional')
  if (network.kind === 'exported') {
    throw network.graph.class?.table ? unserved('is shown the number of a class') : isGraph(info, 'unet')
  }
  const { unet, weightFiles } = network
  if (unet.writeServed === null) throw unserved('is text-conditional')
  const weights = await readWeights(weightFiles)
  const computeType = computeTypes[precision]
  const { channels, height, width, classCount, outChannels } = unet
  return {
    name: 'unet',
    graph: buildServedGraph(unet.writeServed(schedule.numTrainTimesteps), weights, computeType),
    weights,
    inputs: [
      { name: 'sample', type: computeType, dims: [channels, height, width] },
      { name: 'timestep', type: DataType.FLOAT, dims: [] },
      ...(classCount === null
        ? []
        : [{ name: 'classes', type: DataType.FLOAT as const, dims: [classCount] }]),
    ],
    output: { name: servedOutput, type: computeType, dims: [outChannels, height, width] },
  }
}

async function codingGraphs(
  { autoencoder, info }: ModelDescription,
  precision: Precision,
): Promise<ServedGraph[]> {
  if (autoencoder === null) return []
  if (autoencoder.kind === 'exported') throw isGraph(info, 'vae_encoder')
  const { autoencoder: network, stateSize, weightFiles } = autoencoder
  const plan = { autoencoder: network, stateSize }
  const computeType = computeTypes[plan.autoencoder.needsFloat32 ? 'fp32' : precision]
  const weights = await readWeights(weightFiles)
  const dims = ({ channels, height, width }: { channels: number; height: number; width: number }) => [
    channels,
    height,
    width,
  ]
  return codings.map((coding) => {
    const [from, to] = coding === 'encoder' ? [info.picture, info.state] : [info.state, info.picture]
    return {
      name: `vae_${coding}`,
      graph: buildServedGraph(writeCoding(coding, plan, 1), weights, computeType),
      weights,
      inputs: [{ name: 'sample', type: computeType, dims: dims(from) }],
      output: { name: servedOutput, type: computeType, dims: dims(to) },
    }
  })
}

function isGraph({ path }: { readonly path: string }, name: string): StudioError {
  return new StudioError(
    'UNSUPPORTED',
    `${path} is an ONNX graph already: copy it to ${name}/1/model.onnx of the repository.`,
    { path },
  )
}

async function writeServed(
  folder: string,
  { name, graph, weights, inputs, output }: ServedGraph,
): Promise<void> {
  const version = join(folder, '1')
  await makeFolder(version)
  await writeFile(join(version, 'model.onnx'), graph)
  for (const file of weights.files) {
    const real = await realpath(file)
    await copyFile(real, join(version, basename(real)))
  }
  await writeFile(join(folder, 'config.pbtxt'), configOf(name, inputs, output))
}

const tritonTypes: Readonly<Record<ComputeType, string>> = {
  [DataType.FLOAT]: 'TYPE_FP32',
  [DataType.FLOAT16]: 'TYPE_FP16',
}

/** Returns Triton's model configuration. Source: its docs/user_guide/model_configuration.md */
function configOf(name: string, inputs: readonly ServedTensor[], output: ServedTensor): string {
  const tensor = ({ name: own, type, dims }: ServedTensor) => {
    const sides = dims.length > 0 ? `dims: [ ${dims.join(', ')} ]` : 'dims: [ 1 ] reshape: { shape: [ ] }'
    return `  { name: "${own}" data_type: ${tritonTypes[type]} ${sides} }`
  }
  return [
    `name: "${name}"`,
    'backend: "onnxruntime"',
    `max_batch_size: ${mostItems}`,
    `input [\n${inputs.map(tensor).join(',\n')}\n]`,
    `output [\n${tensor(output)}\n]`,
    // Requests that arrive together, from several windows or shards, are evaluated together.
    'dynamic_batching { max_queue_delay_microseconds: 1000 }',
    '',
  ].join('\n')
}
