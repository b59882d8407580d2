import { describe, expect, it } from 'vitest'
import { createGaussian } from '#core/random/gaussian'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import { LinearPreview } from '#engine/model/space/LinearPreview'
import { largestDifference } from '../../../../golden/goldenUnet'

/** Colours that are a linear function of two values, with twice the width and height of the states. */
function pictureOf(states: Tensor): Tensor {
  const [count, , height, width] = states.shape
  const picture = createTensor([count, 3, 2 * height, 2 * width])
  const size = height * width
  for (let i = 0; i < picture.data.length; i++) {
    const x = (i % (2 * width)) >> 1
    const y = (Math.floor(i / (2 * width)) % (2 * height)) >> 1
    const plane = Math.floor(i / (4 * size))
    const [a, b] = [0, 1].map((c) => states.data[(Math.floor(plane / 3) * 2 + c) * size + y * width + x])
    picture.data[i] = [0.1 + 0.3 * a, 0.2 - 0.1 * b, 0.4 * a + 0.2 * b][plane % 3]
  }
  return picture
}

function drawn(seed: number, shape: readonly number[]): Tensor {
  const x = createTensor(shape)
  createGaussian(seed).fill(x.data)
  return x
}

describe('LinearPreview', () => {
  it('predicts the colours of unseen states (would catch mixed-up channels, items or positions)', () => {
    const preview = new LinearPreview()
    const seen = drawn(1, [2, 2, 8, 9])
    preview.learn(seen, pictureOf(seen))
    const other = drawn(2, [1, 2, 3, 5])
    const shown = preview.of(other, 3)
    expect(shown.shape).toEqual([1, 3, 3, 5])
    const whole = pictureOf(other)
    const corner = shown.data.map((_, i) => {
      const [x, y, c] = [i % 5, Math.floor(i / 5) % 3, Math.floor(i / 15)]
      return whole.data[(c * 6 + 2 * y) * 10 + 2 * x]
    })
    expect(largestDifference(shown.data, corner)).toBeLessThan(0.01)
  })

  it('is grey before learning, and learns from a picture of a single colour', () => {
    const preview = new LinearPreview()
    const states = createTensor([1, 2, 4, 4])
    expect(preview.of(states, 3).data.every((value) => value === 0)).toBe(true)
    preview.learn(states, createTensor([1, 3, 8, 8], new Float32Array(192).fill(0.5)))
    expect(preview.of(states, 3).data.every((value) => Math.abs(value - 0.5) < 0.01)).toBe(true)
  })
})
