import { describe, expect, it } from 'vitest'
import { createGaussian } from '#core/random/gaussian'
import { createTensor } from '#core/diffusion/tensor'
import { attendInSlices } from '#engine/model/graph/attendInSlices'
import { GraphWriter } from '#engine/model/graph/graphWriter'
import { matMul, softmax } from '#engine/model/graph/operators'
import { madeUpWeights, Scope } from '#engine/model/graph/Scope'
import { createOnnxSession } from '#engine/model/network/onnx'

const [heads, positions, channels] = [3, 4096, 2]

/** The graph of plain attention over 64 x 64 positions. */
function attentionGraph() {
  const graph = new GraphWriter()
  const model = new Scope(graph, madeUpWeights(graph))
  const query = graph.input('query', [1, heads, positions, channels])
  const key = graph.input('key', [1, heads, channels, positions])
  const value = graph.input('value', [1, heads, positions, channels])
  const answer = attendInSlices(model, { query, axis: 2, seen: positions }, (queries) =>
    matMul(model, softmax(model, matMul(model, queries, key)), value),
  )
  return { graph, answer }
}

describe('attention in slices', () => {
  it('gives the result of plain attention (would catch slices in the wrong order or normalised together)', async () => {
    const { graph, answer } = attentionGraph()
    const session = await createOnnxSession(graph.finish(answer), { threads: 1 })
    const noise = createGaussian(3)
    const drawn = (shape: number[]) => {
      const tensor = createTensor(shape)
      noise.fill(tensor.data)
      return tensor
    }
    const query = drawn([1, heads, positions, channels])
    const key = drawn([1, heads, channels, positions])
    const value = drawn([1, heads, positions, channels])
    const { data, shape } = await session.run({ query, key, value })
    expect(shape).toEqual([1, heads, positions, channels])
    await session.close()
    for (const [head, at] of [
      [0, 0],
      [1, 1365],
      [2, 4095],
      [2, 2048],
    ]) {
      const row = (head * positions + at) * channels
      const scores = Array.from({ length: positions }, (_, j) => {
        const dots = Array.from({ length: channels }, (_unused, c) => {
          return query.data[row + c] * key.data[(head * channels + c) * positions + j]
        })
        return Math.exp(dots.reduce((sum, dot) => sum + dot, 0))
      })
      const total = scores.reduce((sum, score) => sum + score, 0)
      for (let c = 0; c < channels; c++) {
        const mixed = scores.reduce((sum, score, j) => {
          return sum + (score / total) * value.data[(head * positions + j) * channels + c]
        }, 0)
        expect(data[row + c]).toBeCloseTo(mixed, 4)
      }
    }
  })

  it('never holds the attention weights of all positions at once', () => {
    const { graph, answer } = attentionGraph()
    graph.finish(answer)
    const whole = 4 * heads * positions ** 2
    expect(graph.peakActivationBytes()).toBeLessThan(whole)
  })

  it('uses at most 64 slices for any number of positions (would catch a damaged size that hangs the program)', () => {
    const graph = new GraphWriter()
    const model = new Scope(graph, madeUpWeights(graph))
    const query = graph.input('query', [1, 8, 2 ** 32, 4])
    let slices = 0
    attendInSlices(model, { query, axis: 2, seen: 2 ** 32 }, (queries) => {
      slices++
      return queries
    })
    expect(slices).toBeLessThanOrEqual(64)
  })
})
