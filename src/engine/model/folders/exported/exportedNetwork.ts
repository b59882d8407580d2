import type { ModelInfo } from '#shared/reports'
import { FractionalTimestepError } from '../../network/FractionalTimestepError'
import type { OnnxInput } from '../../network/onnx'
import type { GraphSource } from '../../network/OnnxNetwork'
import type { OpenGraph } from '../../network/optimizedGraphs'
import { isWholeType, type ExportedGraph, type TimestepInput } from './exportedGraph'
import { withClassWeights } from './classInput'
import { filledUp } from './filledUp'
import { firstChannels } from './firstChannels'
import { openExported } from './openExported'

/** Wraps a graph that another program exported, to be run as it is. */
export function exportedNetwork(graph: ExportedGraph, info: ModelInfo, openGraph: OpenGraph): GraphSource {
  const { file, batch, shape, outputChannels, sampleName, timestep: input, class: classInput, text } = graph
  const [channels] = shape
  const conditionNames = conditionNamesOf(classInput, text)
  const perPicture = [sampleName, ...conditionNames.values()]
  return {
    sampleName,
    outputChannels: outputChannels ?? channels,
    onlyBatch: batch,
    activationBytes: null,
    async open() {
      const change = (bytes: Uint8Array) => (classInput ? withClassWeights(bytes, classInput) : bytes)
      const opened = await openExported(file, change, { info, openGraph })
      const session = outputChannels === null ? firstChannels(opened, channels) : opened
      return batch === null ? session : filledUp(session, perPicture, batch)
    },
    conditionOn: (timestep, size, condition) => ({
      [input.name]: timestepTensor(input, timestep, batch ?? size),
      ...Object.fromEntries([...conditionNames].map(([own, name]) => [name, condition[own]])),
    }),
  }
}

/** Maps the parts of the condition that a graph takes to its names for them. */
function conditionNamesOf(
  classInput: ExportedGraph['class'],
  text: ExportedGraph['text'],
): ReadonlyMap<string, string> {
  const { tokens, pooled, sizes } = text ?? { tokens: null, pooled: null, sizes: null }
  const names = { classes: classInput, text: tokens, pooled, sizes }
  return new Map(Object.entries(names).flatMap(([own, port]) => (port ? [[own, port.name]] : [])))
}

/** @throws FractionalTimestepError if the graph takes integers and the timestep is none */
function timestepTensor(
  { dataType, rank, isPerPicture }: TimestepInput,
  timestep: number,
  batch: number,
): OnnxInput {
  if (isWholeType(dataType) && !Number.isInteger(timestep)) {
    throw new FractionalTimestepError('This graph', timestep)
  }
  const length = isPerPicture ? batch : 1
  const shape = rank === 0 ? [] : [length, ...Array<number>(rank - 1).fill(1)]
  return { data: Array<number>(length).fill(timestep), shape }
}
