import { expect, it } from 'vitest'
import { decode } from '#core/diffusion/inversion'
import { resolveLatent } from '#engine/latent/resolveLatent'
import type { Model } from '#engine/model/model'
import { createEngineServices } from '#engine/job/services'
import { decodeSettings } from '#shared/settings'
import { gaussianEpsilon, schedule } from '../../core/diffusion/closedForm'

const predictEpsilon = gaussianEpsilon(schedule)
const model = {
  shape: [3, 2, 2],
  info: { id: 'gaussian', sha256: 'a1', scheduleHash: 'b2' },
  schedule,
  predict: predictEpsilon,
} as unknown as Model
const context = { signal: new AbortController().signal, report: () => undefined, computesOn: () => undefined }

function drawn(settings: Parameters<typeof decodeSettings.parse>[0]) {
  const source = { kind: 'seed', seed: 7 } as const
  return resolveLatent(createEngineServices(), model, source, decodeSettings.parse(settings), context)
}

// Where diffusers begins to sample 10 of 1000 timesteps: np.arange(0, 10) * 100, np.arange(1000, 0, -100) - 1 and
// np.linspace(0, 999, 10).
it.each([
  ['leading', 900],
  ['trailing', 999],
  ['linspace', 999],
  ['karras', 999],
] as const)(
  'draws a seed where %s timesteps end, so that it can be decoded with them',
  async (timestepSpacing, end) => {
    const settings = decodeSettings.parse({ solver: 'ddim', timestepSpacing, steps: 10 })
    const { latent, report } = await drawn(settings)
    expect(latent.timestep).toBe(end)
    expect(report.endTimestep).toBe(end)
    const steps = decode(latent, { schedule, settings, predictEpsilon })
    let next = await steps.next()
    while (!next.done) next = await steps.next()
    expect(next.value.data.every(Number.isFinite)).toBe(true)
  },
)

it('names latents of one seed at two end timesteps apart, and draws the same noise for both', async () => {
  const [low, high] = await Promise.all(
    ['leading', 'trailing'].map((timestepSpacing) => drawn({ solver: 'ddim', timestepSpacing, steps: 10 })),
  )
  expect(low.key).not.toBe(high.key)
  expect(low.latent.x).toEqual(high.latent.x)
})
