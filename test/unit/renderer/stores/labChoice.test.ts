import { beforeEach, describe, expect, it } from 'vitest'
import { startStudy } from '../../../../src/renderer/actions/study'
import { useLabChoice } from '../../../../src/renderer/stores/labChoice'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useDocument } from '../../../../src/renderer/stores/document'
import { useModel } from '../../../../src/renderer/stores/model'
import { useSettings } from '../../../../src/renderer/stores/settings'
import { installFakeStudio, modelInfo, pictureInfo } from '../fakeStudio'

beforeEach(() => {
  installFakeStudio({})
  useLibrary().add(['a.png', 'b.png', 'c.png'].map(pictureInfo))
})

describe('the cost of a study', () => {
  it('counts encoding and decoding for every picture', () => {
    // Three solvers, two spacings, two evaluations per step: 6 x 2 x (10 + 20 + 50) for each of three
    // pictures.
    expect(useLabChoice().combinations).toHaveLength(18)
    const choice = useLabChoice()
    choice.figures = false
    expect(choice.evaluations).toBe(960 * 3)
    // Each picture is encoded and decoded by the autoencoder alone once; after that each cell only decodes it.
    expect(choice.codings).toBe(3 * (2 + 18))
  })

  it('counts the figures that are drawn by default (would catch 3,840 evaluations shown for the 6,710 that the engine plans)', () => {
    const choice = useLabChoice()
    useLibrary().add(['d.png'].map(pictureInfo))
    // Consistency: four rows in 10, 20 and 50 steps. In 50 steps: two latents and nine frames, then four
    // latents and 36 pictures.
    const [drawn, pictures] = [4 * 80 + (2 + 9) * 50 + (4 + 36) * 50, 4 * 3 + 9 + 36]
    expect(drawn + 960 * 4).toBe(6710)
    expect(choice.evaluations).toBe(6710)
    expect(choice.codings).toBe(4 * (2 + 18) + pictures)
    choice.change({ solvers: [] })
    expect([choice.evaluations, choice.codings]).toEqual([0, 0])
  })

  it('counts the timesteps of latents that have fewer than Standard takes steps (would catch 50 evaluations for each)', () => {
    const choice = useLabChoice()
    choice.figures = false
    choice.change({ solvers: [] })
    const item = (id: string) => ({ id, name: id })
    useLibrary().addLatents([
      { ...item('early'), kind: 'seed', seed: 5, endTimestep: 20 },
      { ...item('kept'), kind: 'file', path: '/latents/kept.npy', sha256: '', endTimestep: 9 },
      { ...item('mix'), kind: 'mix', parts: [{ source: 'early', weight: 1 }] },
      { ...item('late'), kind: 'seed', seed: 5 },
    ])
    // Timesteps 0 to 20, 0 to 9, again 0 to 20, and 50 of a thousand.
    expect(choice.evaluations).toBe(21 + 10 + 21 + 50)
    // Where encoding ends is assumed for a file that states no timestep, and for the last seed.
    useSettings().encode = { ...useSettings().encode, endTimestep: 29 }
    useLibrary().addLatents([{ ...item('bare'), kind: 'file', path: '/latents/bare.npy', sha256: '' }])
    expect(choice.evaluations).toBe(21 + 10 + 21 + 30 + 30)
  })

  it('leaves out combinations that are never measured', () => {
    const choice = useLabChoice()
    choice.figures = false
    choice.change({ solvers: ['ddim', '2m'], timestepSpacings: ['karras'], steps: [10], etas: [0, 0.5] })
    expect(choice.combinations.map(({ solver, eta }) => [solver, eta])).toEqual([
      ['ddim', 0],
      ['ddim', 0.5],
      ['2m', 0],
    ])
    expect(choice.evaluations).toBe(60 * 3)
  })
})

describe('the stops of a study', () => {
  it('are the selected items, or all items when none is selected', () => {
    const choice = useLabChoice()
    const library = useLibrary()
    expect(choice.stops).toHaveLength(3)
    library.select([library.pictures[1].id])
    expect(choice.stops).toMatchObject([{ kind: 'picture', picture: { path: '/pictures/b.png' } }])
    choice.scope = 'all'
    expect(choice.stops).toHaveLength(3)
  })

  it('include seeds, latent files and mixes, and each timeline item only once (would catch a Lab limited to pictures)', () => {
    const [choice, library, document] = [useLabChoice(), useLibrary(), useDocument()]
    choice.figures = false
    library.addLatents([
      { id: 's', name: 'Seed 5', kind: 'seed', seed: 5 },
      { id: 'f', name: 'Kept', kind: 'file', path: '/latents/kept.npy', sha256: '' },
      { id: 'm', name: 'Mix', kind: 'mix', parts: [{ source: 's', weight: 2 }] },
    ])
    expect(choice.stops.map(({ kind }) => kind)).toEqual([
      'picture',
      'picture',
      'picture',
      'seed',
      'file',
      'mix',
    ])
    const { timeline } = document.value
    const stops = ['m', 's', 'm'].map((source, at) => ({ id: `stop-${at}`, source }))
    document.change({ timeline: { ...timeline, stops } })
    choice.scope = 'timeline'
    expect(choice.stops).toMatchObject([
      { kind: 'mix', parts: [{ latent: { kind: 'seed', seed: 5 }, weight: 2 }] },
      { kind: 'seed', seed: 5 },
    ])
    // Each is decoded once, in Standard's 50 steps, to a picture to measure on.
    expect(choice.evaluations).toBe(960 * 2 + 50 * 2)
  })
})

it('says what keeps a study of more than 1,000 pictures from running, and starts none (would catch a refusal after a folder was chosen)', async () => {
  const studio = installFakeStudio({ 'dialog.saveStudy': () => '/studies/one', 'lab.run': () => null })
  useModel().info = modelInfo
  const library = useLibrary()
  library.add(Array.from({ length: 1001 }, (_, at) => pictureInfo(`${at}.png`)))
  const choice = useLabChoice()
  choice.scope = 'all'
  expect(choice.obstacle).toBe('A study measures at most 1,000 pictures and latents: choose fewer.')
  await startStudy()
  expect(studio.calls).toEqual([])
  library.pictures = library.pictures.slice(0, 1000)
  expect(choice.obstacle).toBeNull()
})
