import { describe, expect, it } from 'vitest'
import { groupNorm } from '#engine/model/graph/layers'
import { resnetBlock, type ResnetOptions } from '#engine/model/graph/resnetBlock'
import {
  sinusoidFrequencies,
  timeEmbedding,
  timestepSinusoids,
  writeSinusoids,
} from '#engine/model/graph/timeEmbedding'
import { upsampledConv2d } from '#engine/model/graph/upsampledConv'
import { largestDifference } from '../../../../golden/goldenUnet'
import type { Tensor } from '#core/diffusion/tensor'
import { pattern, runLayer } from './runLayer'

/** Compares layers with their definitions, written as plain loops in float64. */

describe('groupNorm', () => {
  /** Two groups per item: runs them, and returns the largest difference from the definition. */
  async function differenceOf(x: Tensor): Promise<number> {
    const [, channels, height, width] = x.shape
    const tensors = { 'n.weight': pattern([channels], 2), 'n.bias': pattern([channels], 3) }
    const { data } = await runLayer(
      (module, inputs) => groupNorm(module.at('n'), inputs.x, { groups: 2, eps: 1e-5 }),
      { x },
      tensors,
    )
    const length = (channels * height * width) / 2
    const groups = Array.from({ length: x.data.length / length }, (_, i) => {
      const group = x.data.subarray(i * length, (i + 1) * length)
      const mean = group.reduce((sum, one) => sum + one, 0) / length
      const variance = group.reduce((sum, one) => sum + (one - mean) ** 2, 0) / length
      return { mean, deviation: Math.sqrt(variance + 1e-5) }
    })
    const expected = Float32Array.from(x.data, (value, i) => {
      const { mean, deviation } = groups[Math.floor(i / length)]
      const channel = Math.floor(i / (height * width)) % channels
      const normal = (value - mean) / deviation
      return normal * tensors['n.weight'].data[channel] + tensors['n.bias'].data[channel]
    })
    return largestDifference(data, expected)
  }

  it('normalises each group of each item (would catch groups across items, or one factor per group)', async () => {
    expect(await differenceOf(pattern([2, 4, 3, 3]))).toBeLessThan(1e-5)
  })

  it('stays precise in large groups of two clusters of values (would catch a variance in a single sum, which is off by 3e-4)', async () => {
    const x = pattern([1, 4, 512, 512])
    expect(
      await differenceOf({ ...x, data: x.data.map((value) => 0.7 * Math.sign(value) + 0.3) }),
    ).toBeLessThan(1e-5)
  })
})

describe('upsampledConv2d', () => {
  it('equals a convolution of the enlarged picture (would catch wrong weight sums, phases or borders)', async () => {
    const [height, width, channels, outChannels] = [3, 4, 2, 3]
    const x = pattern([1, channels, height, width])
    const weight = pattern([outChannels, channels, 3, 3], 2)
    const bias = pattern([outChannels], 3)
    const answer = await runLayer(
      (module, inputs) => upsampledConv2d(module.at('c'), inputs.x, outChannels),
      { x },
      { 'c.weight': weight, 'c.bias': bias },
    )
    const enlarged = (channel: number, row: number, column: number) =>
      row < 0 || column < 0 || row >= 2 * height || column >= 2 * width
        ? 0
        : x.data[(channel * height + (row >> 1)) * width + (column >> 1)]
    const expected = Float32Array.from({ length: outChannels * 4 * height * width }, (_, i) => {
      const column = i % (2 * width)
      const row = Math.floor(i / (2 * width)) % (2 * height)
      const out = Math.floor(i / (4 * height * width))
      let sum = bias.data[out]
      for (let k = 0; k < 9 * channels; k++) {
        const [channel, dy, dx] = [Math.floor(k / 9), Math.floor((k % 9) / 3) - 1, (k % 3) - 1]
        sum += weight.data[out * 9 * channels + k] * enlarged(channel, row + dy, column + dx)
      }
      return sum
    })
    expect(answer.shape).toEqual([1, outChannels, 2 * height, 2 * width])
    expect(largestDifference(answer.data, expected)).toBeLessThan(1e-5)
  })
})

describe('timeEmbedding', () => {
  it('has frequencies from 1 down to 1/10000 with a shift of 1, and ends above 1/10000 without a shift', () => {
    expect(sinusoidFrequencies(3, 1)).toEqual([1, expect.closeTo(0.01, 12), expect.closeTo(0.0001, 12)])
    expect(sinusoidFrequencies(2, 0)).toEqual([1, expect.closeTo(0.01, 12)])
  })

  it.each([
    [true, [Math.cos(7), Math.cos(0.07), Math.sin(7), Math.sin(0.07)]],
    [false, [Math.sin(7), Math.sin(0.07), Math.cos(7), Math.cos(0.07)]],
  ])(
    'orders sines and cosines as diffusers does for flip_sin_to_cos %s (would catch an inverted flag)',
    async (flip, sinusoids) => {
      const identity = {
        shape: [4, 4],
        data: Float32Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0)),
      }
      const zeros = { shape: [4], data: new Float32Array(4) }
      const options = { sinusoidChannels: 4, flipSinToCos: flip, freqShift: 0 }
      const { data } = await runLayer(
        (module, inputs) => timeEmbedding(module.at('time_embedding'), inputs.sinusoids, 4),
        { sinusoids: timestepSinusoids(options, 7) },
        {
          'time_embedding.linear_1.weight': identity,
          'time_embedding.linear_1.bias': zeros,
          'time_embedding.linear_2.weight': identity,
          'time_embedding.linear_2.bias': zeros,
        },
      )
      const silu = (value: number) => value / (1 + Math.exp(-value))
      const expected = Float32Array.from(sinusoids, silu)
      expect(largestDifference(data, expected)).toBeLessThan(1e-6)
    },
  )
})

describe('the sinusoids of an exported network', () => {
  const options = { sinusoidChannels: 4, flipSinToCos: true, freqShift: 0, timesteps: 10 }
  const at = (timestep: number) =>
    runLayer((module, inputs) => writeSinusoids(module.graph, inputs.timestep, options), {
      timestep: { shape: [1], data: Float32Array.of(timestep) },
    })

  it.each([0, 9, 2.5, 9.5, 10, 9990])(
    'are those of timestep %f of a table of 10 (would catch an index beyond it, as a timestep scale above 1 gives)',
    async (timestep) => {
      const expected = [Math.cos, Math.sin].flatMap((wave) => [wave(timestep), wave(timestep / 100)])
      // float32 rounds an angle near 9990 to a multiple of 1/1024.
      expect(largestDifference((await at(timestep)).data, Float32Array.from(expected))).toBeLessThan(1e-5)
    },
  )
})

describe('resnetBlock', () => {
  const zeroLayers = {
    'r.norm1.weight': pattern([4]),
    'r.norm1.bias': pattern([4]),
    'r.conv1.weight': pattern([4, 4, 3, 3]),
    'r.conv1.bias': pattern([4]),
    'r.time_emb_proj.weight': pattern([4, 6]),
    'r.time_emb_proj.bias': pattern([4]),
    'r.norm2.weight': pattern([4]),
    'r.norm2.bias': pattern([4]),
    'r.conv2.weight': { shape: [4, 4, 3, 3], data: new Float32Array(144) },
    'r.conv2.bias': { shape: [4], data: new Float32Array(4) },
  }
  const temb = pattern([1, 6])
  const x = pattern([1, 4, 2, 2])
  const block =
    (options: Partial<ResnetOptions>): Parameters<typeof runLayer>[0] =>
    (module, inputs) =>
      resnetBlock(module.at('r'), inputs.x, {
        outChannels: 4,
        norm: { groups: 2, eps: 1e-5 },
        time: { embedding: inputs.temb, mode: 'default' },
        ...options,
      })

  it('divides its sum by the output scale factor (would catch an ignored mid_block_scale_factor)', async () => {
    const { data } = await runLayer(block({ outputScaleFactor: 4 }), { x, temb }, zeroLayers)
    expect(
      largestDifference(
        data,
        x.data.map((value) => value / 4),
      ),
    ).toBeLessThan(1e-6)
  })

  it('averages the shortcut when downsampling and repeats it when upsampling (would catch a shortcut of the wrong size)', async () => {
    const run = (resample: 'down' | 'up') => runLayer(block({ resample }), { x, temb }, zeroLayers)
    const down = await run('down')
    expect(down.shape).toEqual([1, 4, 1, 1])
    expect(down.data[0]).toBeCloseTo((x.data[0] + x.data[1] + x.data[2] + x.data[3]) / 4, 6)
    const up = await run('up')
    expect(up.shape).toEqual([1, 4, 4, 4])
    expect([...up.data.subarray(0, 4)]).toEqual([x.data[0], x.data[0], x.data[1], x.data[1]])
  })
})
