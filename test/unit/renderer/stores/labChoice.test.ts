import { beforeEach, describe, expect, it } from 'vitest'
import { useLabChoice } from '../../../../src/renderer/stores/labChoice'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { installFakeStudio, pictureInfo } from '../fakeStudio'

beforeEach(() => {
  installFakeStudio({})
  useLibrary().add(['a.png', 'b.png', 'c.png'].map(pictureInfo))
})

describe('what a study costs', () => {
  it('is counted there and back, for every picture', () => {
    // Three solvers on two kinds of nodes, two evaluations a step: 6 x 2 x (10 + 20 + 50) for each of three pictures.
    expect(useLabChoice().combinations).toHaveLength(18)
    expect(useLabChoice().evaluations).toBe(960 * 3)
  })

  it('leaves out combinations that are never measured', () => {
    const choice = useLabChoice()
    choice.change({ solvers: ['ddim', '2m'], timestepSpacings: ['karras'], steps: [10], etas: [0, 0.5] })
    expect(choice.combinations.map(({ solver, eta }) => [solver, eta])).toEqual([
      ['ddim', 0],
      ['ddim', 0.5],
      ['2m', 0],
    ])
    expect(choice.evaluations).toBe(60 * 3)
  })
})

describe('the pictures of a study', () => {
  it('are those selected, and all where none is', () => {
    const choice = useLabChoice()
    const library = useLibrary()
    expect(choice.pictures).toHaveLength(3)
    library.select([library.pictures[1].id])
    expect(choice.pictures.map(({ info }) => info.name)).toEqual(['b.png'])
    choice.scope = 'all'
    expect(choice.pictures).toHaveLength(3)
  })
})
