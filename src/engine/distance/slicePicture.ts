import type { Tensor } from '#core/diffusion/tensor'
import { type Directions, drawDirections } from '#core/statistics/slicedWasserstein'
import { GraphWriter } from '../model/graph/graphWriter'
import { concat, reshape } from '../model/graph/operators'
import { madeUpWeights, Scope } from '../model/graph/Scope'
import { createOnnxSession } from '../model/network/onnx'
import { levelSides, textureSize, writeTextures } from './textures'

const projections = 512

/** Projections of a picture onto the directions of each view: its pixels, then the levels of its pyramid. */
export type Slices = readonly Float32Array[]

/** Slices pictures of one size. */
export interface Slicer {
  /** @param picture  [1, 3, H, W] on [-1, 1] */
  slice(picture: Tensor): Promise<Slices>
  close(): Promise<void>
}

/**
 * Prepares the views of pictures of one size, and random directions for each: all pixels, and the textures of
 * each level. The directions are the same on every machine.
 */
export async function openSlicer(height: number, width: number): Promise<Slicer> {
  const sizes = [3 * height * width, ...levelSides(width).map(() => textureSize)]
  const directions = sizes.map((size, view) => drawDirections(projections, size, [0, view]))
  const session = await createOnnxSession(slicerGraph(height, width))
  const constants = Object.fromEntries(directions.map(tensorOf).map((value, view) => [nameOf(view), value]))
  return {
    async slice(picture) {
      const { data } = await session.run({ picture, ...constants })
      return sizes.map((_, view) => data.slice(view * projections, (view + 1) * projections))
    },
    close: () => session.close(),
  }
}

/** Directions are inputs: those of large pictures would exceed the 2 GB that a graph may have. */
function slicerGraph(height: number, width: number): Uint8Array {
  const graph = new GraphWriter()
  const module = new Scope(graph, madeUpWeights(graph))
  const picture = graph.input('picture', [1, 3, height, width])
  const pixels = reshape(module, picture, [1, 3 * height * width])
  const projected = [pixels, ...writeTextures(module, picture)].map((values, view) => {
    const directions = graph.input(nameOf(view), [projections, values.shape[1]])
    return module.node('Gemm', [values, directions], [1, projections], { transB: 1 })
  })
  return graph.finish(concat(module, projected, 1))
}

const nameOf = (view: number) => `directions_${view}`

function tensorOf({ data, count, size }: Directions): Tensor {
  return { data, shape: [count, size] }
}
