import { realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StudioError } from '#shared/errors'
import type { ModelInfo } from '#shared/reports'
import { sizeOf } from '#core/diffusion/tensor'
import { readWholeFile } from '#files/fileAccess'
import { explained } from '#files/fileErrors'
import type { OnnxInput, OnnxSession } from '../../network/onnx'
import type { GraphSource } from '../../network/OnnxNetwork'
import type { OpenGraph } from '../../network/optimizedGraphs'
import { isWholeType, type ExportedGraph, type TimestepInput } from './exportedGraph'
import { withClassWeights } from './classInput'
import { longestGraph } from './graphFile'

/** A graph that another program wrote, run as it is. */
export function exportedNetwork(
  { file, batch, outputChannels, sampleName, timestep: input, class: classInput }: ExportedGraph,
  info: ModelInfo,
  openGraph: OpenGraph,
): GraphSource {
  const perPicture = classInput ? [sampleName, classInput.name] : [sampleName]
  return {
    sampleName,
    outputChannels,
    onlyBatch: batch,
    activationBytes: null,
    async open() {
      const written = await readWholeFile(file, longestGraph)
      const bytes = classInput ? withClassWeights(written, classInput) : written
      const real = await explained(file, 'read', () => realpath(file))
      const session = await openGraph(bytes, { externalFolder: dirname(real) }, info)
      return batch === null ? session : filledUp(session, perPicture, batch)
    },
    conditionOn: (timestep, size, { classes }) => ({
      [input.name]: timestepTensor(input, timestep, batch ?? size),
      ...(classInput && { [classInput.name]: classes }),
    }),
  }
}

/** @throws StudioError UNSUPPORTED for a fraction of a timestep where the graph takes whole ones */
function timestepTensor(
  { dataType, rank, isPerPicture }: TimestepInput,
  timestep: number,
  batch: number,
): OnnxInput {
  if (isWholeType(dataType) && !Number.isInteger(timestep)) {
    throw new StudioError(
      'UNSUPPORTED',
      `This graph takes whole timesteps, and the solver asks for ${timestep}: choose a solver that stays on the timesteps.`,
    )
  }
  const length = isPerPicture ? batch : 1
  const shape = rank === 0 ? [] : [length, ...Array<number>(rank - 1).fill(1)]
  return { data: Array<number>(length).fill(timestep), shape }
}

/**
 * A graph of one batch size, which smaller batches are filled up to with zeros.
 *
 * @param names  of the inputs that have a row for each picture and come unfilled
 */
function filledUp(session: OnnxSession, names: readonly string[], batch: number): OnnxSession {
  return {
    ...session,
    async run(inputs, out) {
      const [rows] = inputs[names[0]].shape
      if (rows === batch) return session.run(inputs, out)
      const filled = names.map((name) => [name, filledTensor(inputs[name], batch)] as const)
      const answer = await session.run({ ...inputs, ...Object.fromEntries(filled) })
      const data = answer.data.subarray(0, (answer.data.length / batch) * rows)
      out?.data.set(data)
      return out ?? { data, shape: [rows, ...answer.shape.slice(1)] }
    },
  }
}

function filledTensor({ data, shape: [, ...others] }: OnnxInput, batch: number): OnnxInput {
  const filled = new Float32Array(batch * sizeOf(others))
  filled.set(data)
  return { data: filled, shape: [batch, ...others] }
}
