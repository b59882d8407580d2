import { join } from 'node:path'
import { StudioError } from '#shared/errors'
import { isGraphFile } from '#shared/fileKinds'
import { holdsWeights } from '../weights/weightFiles'
import { namesIn } from './onDisk'

/** The name that exporters give a graph; variants such as `model_fp16.onnx` stand beside it. */
const plainName = 'model.onnx'

/** What to do about several graphs, of which none is called {@link plainName}. */
const remedies = {
  keep: (names: string) => `keep one of ${names}, as ${plainName}`,
  choose: (names: string) => `choose one of ${names} by its path`,
} as const

/** Whether a folder of these names holds a part of a model as diffusers saves it: weights need their configuration. */
export function isDiffusersPart(names: readonly string[]): boolean {
  return names.includes('config.json') && holdsWeights(names)
}

/**
 * Finds the graph that a folder holds instead of weights; null if it holds a diffusers part, or neither. Other
 * .safetensors files may be there too, such as a latent saved next to the graph.
 *
 * @param remedy  whether a person can choose a graph of this folder by its path
 * @throws StudioError BAD_MODEL if there are several, and none is called model.onnx
 */
export async function graphIn(
  folder: string,
  remedy: keyof typeof remedies = 'keep',
): Promise<string | null> {
  const names = await namesIn(folder)
  const graphs = names.filter(isGraphFile)
  if (graphs.length === 0 || isDiffusersPart(names)) return null
  const graph = graphs.length === 1 ? graphs[0] : graphs.find((name) => name === plainName)
  if (graph !== undefined) return join(folder, graph)
  throw new StudioError(
    'BAD_MODEL',
    `${folder} holds ${graphs.length} .onnx graphs: ${remedies[remedy](graphs.join(', '))}.`,
  )
}
