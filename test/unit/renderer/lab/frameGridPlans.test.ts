import { describe, expect, it } from 'vitest'
import { framePlan } from '#shared/framePlan'
import { gridSide } from '#shared/labFigures'
import { decodeSettings, encodeSettings } from '#shared/settings'
import {
  consistencyGrid,
  costOfParts,
  interpolationGrid,
  interpolationStrip,
  isOfLeapfrog,
  stripFrames,
} from '../../../../src/renderer/lab/frameGridPlans'

const seed = (of: number) => ({ kind: 'seed' as const, seed: of })
const corners = [3, 4, 5, 6].map(seed)
const decode = decodeSettings.parse({ solver: 'ddim', steps: 20 })

const usual = { cleanTimestep: -1 }

describe('consistencyGrid', () => {
  const rows = consistencyGrid(
    {
      solvers: ['ddim', 'leapfrog'],
      timestepSpacings: ['linear', 'karras'],
      steps: [50, 1, 10],
      etas: [0, 1],
    },
    seed(7),
  )

  it('decodes one x_T with every solver and spacing, in rising order of steps, without noise', () => {
    expect(rows.map(({ key }) => key)).toEqual([
      'ddim linear',
      'ddim karras',
      'leapfrog linear',
      'leapfrog karras',
    ])
    expect(rows[0].parts.map((part) => part.decode.steps)).toEqual([1, 10, 50])
    const parts = rows.flatMap((row) => row.parts)
    expect(new Set(parts.map(({ plan }) => JSON.stringify(plan))).size).toBe(1)
    expect(parts.every((part) => part.decode.eta === 0)).toBe(true)
  })

  it('leaves out step counts that a solver does not support', () => {
    expect(rows[2].parts.map((part) => part.decode.steps)).toEqual([10, 50])
  })
})

it('knows latents of leapfrog, also as part of a mix (would catch a grid of other pictures without a word)', () => {
  const picture = (solver: 'leapfrog' | 'ddim') => ({
    kind: 'picture' as const,
    picture: { path: '/a.png', fit: { mode: 'cover' as const } },
    encode: encodeSettings.parse({ solver, steps: 20 }),
    restandardise: false,
  })
  const mixOf = (solver: 'leapfrog' | 'ddim') => ({
    kind: 'mix' as const,
    parts: [seed(1), picture(solver)].map((latent) => ({ latent, weight: 1 })),
  })
  expect([picture('leapfrog'), mixOf('leapfrog')].map(isOfLeapfrog)).toEqual([true, true])
  expect([picture('ddim'), mixOf('ddim'), seed(1)].map(isOfLeapfrog)).toEqual([false, false, false])
})

describe('interpolation', () => {
  it('requests every frame of the strip and of the grid once, with plans that the engine accepts', () => {
    const strip = interpolationStrip(corners.slice(0, 2), decode)
    const grid = interpolationGrid(corners, decode)
    const all = (count: number) => Array.from({ length: count }, (_unused, at) => at)
    expect(strip.flatMap(({ indices }) => indices)).toEqual(all(stripFrames))
    expect(grid.flatMap(({ indices }) => indices)).toEqual(all(gridSide ** 2))
    for (const { plan } of [...strip, ...grid]) expect(framePlan.safeParse(plan).success).toBe(true)
  })

  it('ends the strip at the second x_T, with the last frame of the path', () => {
    const { plan } = interpolationStrip(corners.slice(0, 2), decode)[0]
    expect(plan).toMatchObject({
      stops: [{ seed: 3 }, { seed: 4 }],
      segments: [{ frames: stripFrames - 1, interpolation: 'slerp' }],
    })
  })

  it('costs the number of frames times the number of steps', () => {
    expect(costOfParts(interpolationStrip(corners.slice(0, 2), decode), usual)).toBe(12 * 20)
    expect(costOfParts(interpolationGrid(corners, decode), usual)).toBe(36 * 20)
  })

  it('costs one more evaluation a frame with heun where the picture is the state of timestep 0', () => {
    const strip = interpolationStrip(corners.slice(0, 2), { ...decode, solver: 'heun' })
    expect(costOfParts(strip, usual)).toBe(12 * 39)
    expect(costOfParts(strip, { cleanTimestep: 0 })).toBe(12 * 40)
  })

  it('costs twice as much with guidance, which evaluates both prompts, but only if there are two', () => {
    const guided = { ...decode, guidance: 7.5 }
    const prompted = corners.slice(0, 2).map((corner) => ({ ...corner, prompt: 'a pear' }))
    expect(costOfParts(interpolationStrip(prompted, guided), usual)).toBe(2 * 12 * 20)
    expect(costOfParts(interpolationStrip(prompted, decode), usual)).toBe(12 * 20)
    expect(costOfParts(interpolationStrip(corners.slice(0, 2), guided), usual)).toBe(12 * 20)
  })
})
