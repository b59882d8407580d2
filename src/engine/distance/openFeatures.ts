import { dirname } from 'node:path'
import { concatenate, type Tensor } from '#core/diffusion/tensor'
import { readWholeFile } from '#files/fileAccess'
import type { FeatureNetwork } from '#shared/distance'
import { StudioError } from '#shared/errors'
import { longestGraph } from '../model/folders/exported/graphFile'
import { modelFailure } from '../model/network/modelFailure'
import { createOnnxSession, type OnnxSession } from '../model/network/onnx'

/** An open feature network. */
export interface OpenFeatures {
  /** The input side that the graph requires; null if any will do. */
  readonly side: number | null
  /**
   * Returns one vector per picture.
   *
   * @param pictures  [1, 3, H, W] on [-1, 1], all of one size
   */
  of(pictures: readonly Tensor[]): Promise<Float32Array[]>
  close(): Promise<void>
}

/**
 * Opens any ONNX graph as a feature network.
 *
 * @throws StudioError NOT_FOUND, UNREADABLE, BAD_MODEL or UNSUPPORTED
 */
export async function openFeatures({ path, range, side }: FeatureNetwork): Promise<OpenFeatures> {
  const session = await openSession(path)
  const [name, ...others] = session.inputNames
  if (name === undefined || others.length > 0) {
    throw new StudioError(
      'UNSUPPORTED',
      `${path} has ${session.inputNames.length} inputs, and a feature network has one, pictures [N, 3, H, W].`,
      { path },
    )
  }
  const [only, , height] = session.inputShapes?.[name] ?? []
  const [low, high] = range
  const toRange = (picture: Tensor): Tensor => ({
    data: picture.data.map((value) => low + ((value + 1) / 2) * (high - low)),
    shape: picture.shape,
  })
  return {
    side: side ?? (typeof height === 'number' && height > 0 ? height : null),
    async of(pictures) {
      // For a graph with a fixed batch size, the batch is padded with the last picture.
      const size = typeof only === 'number' && only > 0 ? only : pictures.length
      const vectors: Float32Array[] = []
      for (let at = 0; at < pictures.length; at += size) {
        const group = Array.from({ length: size }, (_, i) => pictures[at + i] ?? pictures.at(-1)!)
        const answer = await session
          .run({ [name]: concatenate(group.map(toRange)) })
          .catch((error: unknown) => {
            throw modelFailure(path, error)
          })
        vectors.push(...vectorsOf(path, answer, size))
      }
      return vectors.slice(0, pictures.length)
    },
    close: () => session.close(),
  }
}

async function openSession(path: string): Promise<OnnxSession> {
  const bytes = await readWholeFile(path, longestGraph)
  try {
    return await createOnnxSession(bytes, { externalFolder: dirname(path) })
  } catch (error) {
    throw modelFailure(path, error)
  }
}

/**
 * Splits an answer [N, D, …] into rows; dimensions after D are spatial, and features are averaged over them.
 *
 * @throws StudioError UNSUPPORTED if the answer has another shape
 */
function vectorsOf(
  path: string,
  { data, shape }: { data: Float32Array; shape: readonly number[] },
  count: number,
): Float32Array[] {
  if (shape.length < 2 || shape[0] !== count) {
    throw new StudioError(
      'UNSUPPORTED',
      `${path} answers [${shape.join(', ')}] for ${count} ${count === 1 ? 'picture' : 'pictures'}, and a feature network answers one row per picture, [N, D] or [N, D, H, W]: choose another graph.`,
      { path },
    )
  }
  const space = shape.slice(2).reduce((product, side) => product * side, 1)
  const size = shape[1]
  return Array.from({ length: count }, (_, n) => {
    const vector = new Float32Array(size)
    for (let i = 0; i < size * space; i++) vector[Math.floor(i / space)] += data[n * size * space + i] / space
    return vector
  })
}
