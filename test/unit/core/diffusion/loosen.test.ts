import { expect, it } from 'vitest'
import { encode } from '#core/diffusion/inversion'
import { loosen, warnOfLoosening } from '#core/diffusion/loosen'
import { measureLatentStatistics } from '#core/diffusion/latentStatistics'
import { encodingPath } from '#core/diffusion/path'
import type { EncodeSettings } from '#core/diffusion/settings'
import { createTensor, itemOf, type Tensor } from '#core/diffusion/tensor'
import { chooseTimesteps } from '#core/diffusion/timestepSpacing'
import { encodeDefaults, gaussianEpsilon, schedule } from './closedForm'

const settings: EncodeSettings = { ...encodeDefaults, steps: 100 }
const path = encodingPath(schedule, chooseTimesteps(schedule, settings), 'current')
/** Stripes, which are strongly correlated. */
const stripes = createTensor(
  [2, 1, 16, 16],
  Float32Array.from({ length: 512 }, (_, i) => Math.sin(i / 40)),
)

async function encodeWith(x0: Tensor, loosening?: EncodeSettings['loosen']) {
  const predictEpsilon = gaussianEpsilon(schedule)
  let evaluations = 0
  const steps = encode(x0, { schedule, settings: { ...settings, loosen: loosening }, predictEpsilon })
  for (;;) {
    const next = await steps.next()
    if (next.done) return { latent: next.value, evaluations }
    evaluations = next.value.evaluations
  }
}

it('loosen replaces exactly the steps below its percentage of the timesteps', () => {
  const start = loosen(stripes, path, { percent: 5, seed: 1 }, 1000)
  expect(start.path[0].to.timestep).toBeGreaterThanOrEqual(50)
  expect(path[path.length - start.path.length - 1].to.timestep).toBeLessThan(50)
  expect(loosen(stripes, path, { percent: 0, seed: 1 }, 1000)).toEqual({ x: stripes, path })
})

it.each([10, 50, 100])('warnOfLoosening warns exactly when none of %d steps is replaced', (steps) => {
  const timesteps = chooseTimesteps(schedule, { ...settings, steps })
  const stepwise = encodingPath(schedule, timesteps, 'current')
  for (const percent of [0.5, 1, 2, 5, 10, 20, 50]) {
    const loosening = { percent, seed: 1 }
    const isReplaced = loosen(stripes, stepwise, loosening, 1000).path.length < stepwise.length
    expect(warnOfLoosening(loosening, timesteps, 1000) === null).toBe(isReplaced)
  }
})

it('warnOfLoosening says how far the first step goes, and returns null without loosening or without timesteps', () => {
  expect(warnOfLoosening({ percent: 5, seed: 0 }, [90, 500, 999], 1000)).toBe(
    'Loosening by 5% changes nothing: the first step already goes 9% of the way. Take more steps, or loosen by more than that.',
  )
  expect(warnOfLoosening(undefined, [90, 500, 999], 1000)).toBeNull()
  expect(warnOfLoosening({ percent: 5, seed: 0 }, [], 1000)).toBeNull()
})

it('loosen starts from signal x0 + noise epsilon, with epsilon drawn from N(0, 1) by the seed', () => {
  const { x, path: rest } = loosen(stripes, path, { percent: 5, seed: 1 }, 1000)
  const { signal, noise } = rest[0].from
  const epsilon = createTensor(
    x.shape,
    x.data.map((value, i) => (value - signal * stripes.data[i]) / noise),
  )
  const { mean, std, neighbourCorrelation } = measureLatentStatistics(itemOf(epsilon, 0))
  expect(Math.abs(mean)).toBeLessThan(4 / 16)
  expect(Math.abs(std - 1)).toBeLessThan(4 / 16)
  expect(Math.abs(neighbourCorrelation)).toBeLessThan(4 / 16)
  expect(loosen(stripes, path, { percent: 5, seed: 1 }, 1000).x.data).toEqual(x.data)
  expect(loosen(stripes, path, { percent: 5, seed: 2 }, 1000).x.data).not.toEqual(x.data)
})

it('loosening reduces the neighbour correlation of a latent and takes fewer evaluations', async () => {
  const [plain, loosened] = [await encodeWith(stripes), await encodeWith(stripes, { percent: 10, seed: 1 })]
  const correlation = ({ latent }: typeof plain) => measureLatentStatistics(latent.x).neighbourCorrelation
  expect(correlation(loosened)).toBeLessThan(correlation(plain) - 0.1)
  expect(loosened.evaluations).toBeLessThan(plain.evaluations)
  expect(loosened.latent.timestep).toBe(plain.latent.timestep)
})

it('loosening gives an item the same noise in any batch', async () => {
  const batch = await encodeWith(stripes, { percent: 5, seed: 3 })
  const alone = await encodeWith(itemOf(stripes, 1), { percent: 5, seed: 3 })
  expect(alone.latent.x.data).toEqual(itemOf(batch.latent.x, 1).data)
})
