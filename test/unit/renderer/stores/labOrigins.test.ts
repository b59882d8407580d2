import { beforeEach, describe, expect, it } from 'vitest'
import { useLabOrigins } from '../../../../src/renderer/stores/labOrigins'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useModel } from '../../../../src/renderer/stores/model'
import { useSettings } from '../../../../src/renderer/stores/settings'
import { installFakeStudio, modelInfo, pictureInfo } from '../fakeStudio'

beforeEach(() => {
  installFakeStudio({})
  useModel().info = modelInfo
  useLibrary().add(['a.png', 'b.png', 'c.png'].map(pictureInfo))
})

describe('the x_T of strips and grids', () => {
  it('come from the pictures encoded with the current settings, selected ones first', () => {
    const library = useLibrary()
    library.select([library.pictures[2].id])
    const taken = useLabOrigins().take('library', 2)
    expect(taken.map(({ latent }) => latent)).toMatchObject([
      { kind: 'picture', picture: { path: '/pictures/c.png' }, encode: useSettings().encode },
      { kind: 'picture', picture: { path: '/pictures/a.png' } },
    ])
  })

  it('begin with the items chosen for the corners, in that order, including a seed from the library', () => {
    const [library, origins] = [useLibrary(), useLabOrigins()]
    library.addLatents([{ id: 's', name: 'Seed 5', kind: 'seed', seed: 5 }])
    library.select([library.pictures[0].id])
    origins.chooseCorners([library.items[3], library.pictures[1]])
    expect(origins.take('library', 4).map(({ name }) => name)).toEqual(['Seed 5', 'B', 'A', 'C'])
    expect(origins.take('library', 1)[0].latent).toMatchObject({ kind: 'seed', seed: 5 })
  })

  it('are fewer than requested when there are too few pictures, without repeats', () => {
    expect(useLabOrigins().take('library', 4)).toHaveLength(3)
  })

  it('come from seeds when there are too few pictures, even if the library was chosen', () => {
    const origins = useLabOrigins()
    expect([origins.kindFor(3), origins.kindFor(4)]).toEqual(['library', 'seeds'])
    origins.seed = 7
    expect(origins.take('seeds', 2).map(({ latent }) => latent)).toEqual([
      { kind: 'seed', seed: 7 },
      { kind: 'seed', seed: 8 },
    ])
  })

  it('cost the encoding of unencoded pictures, and nothing for seeds', () => {
    const origins = useLabOrigins()
    // Two pictures of 50 steps each, the default.
    expect(origins.encodingCost('library', 2)).toBe(100)
    expect(origins.encodingCost('seeds', 2)).toBe(0)
  })
})
