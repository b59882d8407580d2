import { describe, expect, it } from 'vitest'
import { createTensor } from '#core/diffusion/tensor'
import { cutTiles, joinTiles } from '#engine/model/space/tiling'

/** Two items of three channels, all values different. */
function statesOf(height: number, width: number) {
  const states = createTensor([2, 3, height, width])
  return { ...states, data: states.data.map((_, i) => i) }
}

describe('tiles', () => {
  it.each([
    [8, 8, 8, 8, 1],
    [9, 8, 8, 8, 2],
    [40, 64, 16, 16, 15],
    [33, 17, 16, 17, 3],
    [100, 100, 75, 75, 4],
  ])('of a %i × %i state in %i × %i cover all of it and join to the original', (h, w, th, tw, count) => {
    const states = statesOf(h, w)
    const [state, tile] = [
      { height: h, width: w },
      { height: th, width: tw },
    ]
    const tiles = cutTiles(states, tile)
    expect(tiles.shape).toEqual([2 * count, 3, th, tw])
    const joined = joinTiles(tiles, state, tile)
    expect(joined.shape).toEqual(states.shape)
    joined.data.forEach((value, i) => expect(value).toBeCloseTo(states.data[i], 1))
  })

  it('of decoded pictures are joined with a smooth transition (would catch a seam or swapped tiles)', () => {
    const tiles = cutTiles(statesOf(8, 14), { height: 8, width: 8 })
    // The tiles on the right are brighter by 1 everywhere.
    const pictures = createTensor([4, 1, 16, 16])
    pictures.data.forEach((_, i) => (pictures.data[i] = Math.floor(i / 256) % 2))
    expect(tiles.shape[0]).toBe(4)
    const { data, shape } = joinTiles(pictures, { height: 8, width: 14 }, { height: 8, width: 8 })
    expect(shape).toEqual([2, 1, 16, 28])
    const row = [...data.subarray(0, 28)]
    expect([row[0], row[27]]).toEqual([0, 1])
    const steps = row.slice(1).map((value, i) => value - row[i])
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...steps)).toBeLessThan(0.35)
  })
})
