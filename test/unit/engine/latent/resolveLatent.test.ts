import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decode } from '#core/diffusion/inversion'
import { writeLatentFile } from '#engine/latent/latentFile'
import { encodeNpy } from '#engine/model/weights/npy'
import { resolveLatent } from '#engine/latent/resolveLatent'
import { createLatentCache } from '#engine/latent/latentCache'
import type { ModelInfo } from '#shared/reports'
import { jobOfPredictor } from '../../../fixtures/job'
import { decodeSettings } from '#shared/settings'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { gaussianEpsilon, schedule } from '../../core/diffusion/closedForm'

const predictEpsilon = gaussianEpsilon(schedule)
const info = {
  id: 'gaussian',
  sha256: 'a1',
  scheduleHash: 'b2',
  classes: null,
  state: { channels: 3, height: 2, width: 2 },
} as ModelInfo
const job = jobOfPredictor(schedule, predictEpsilon, { shape: [3, 2, 2], info })

function drawn(settings: Parameters<typeof decodeSettings.parse>[0], endTimestep?: number) {
  const source = { kind: 'seed', seed: 7, endTimestep } as const
  return resolveLatent(createLatentCache(), job, source, decodeSettings.parse(settings))
}

// Where diffusers starts to sample 10 of 1000 timesteps: np.arange(0, 10) * 100, np.arange(1000, 0, -100) - 1
// and np.linspace(0, 999, 10).
it.each([
  ['leading', 900],
  ['trailing', 999],
  ['linspace', 999],
  ['karras', 999],
] as const)(
  'draws a seed at the end timestep of %s spacing, so that it can be decoded with that spacing',
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

it('gives latents of one seed at two end timesteps different keys but the same noise', async () => {
  const [low, high] = await Promise.all(
    ['leading', 'trailing'].map((timestepSpacing) => drawn({ solver: 'ddim', timestepSpacing, steps: 10 })),
  )
  expect(low.key).not.toBe(high.key)
  expect(low.latent.x).toEqual(high.latent.x)
})

it('draws a seed at the requested end timestep, and rejects a timestep that does not suit the spacing', async () => {
  const { latent } = await drawn({ solver: 'ddim', timestepSpacing: 'karras', steps: 10 }, 700)
  expect(latent.timestep).toBe(700)
  const leading = { solver: 'ddim', timestepSpacing: 'leading', steps: 10 } as const
  await expect(drawn(leading, 700)).rejects.toThrow('end at timestep 900, not 700')
})

describe('a latent file', () => {
  const settings = decodeSettings.parse({ steps: 10 })
  const open = (path: string, endTimestep?: number) =>
    resolveLatent(createLatentCache(), job, { kind: 'file', path, endTimestep }, settings)

  it('without a stored timestep gets the requested timestep, or else the default end timestep', async () => {
    const path = join(emptyFolder(), 'latent.npy')
    const { latent } = await drawn(settings)
    await writeFile(path, encodeNpy(latent.x))
    expect((await open(path)).latent.timestep).toBe(999)
    expect((await open(path, 700)).latent.timestep).toBe(700)
  })

  it('is taken to be at the timestep of the settings if it states none, and gives no other if it does (would catch a project whose .npy cannot be mixed with its seeds)', async () => {
    const [bare, own] = ['latent.npy', 'latent.safetensors'].map((name) => join(emptyFolder(), name))
    const { latent, report } = await drawn(settings, 998)
    await writeFile(bare, encodeNpy(latent.x))
    await writeLatentFile(own, latent, report, { overwrite: false })
    // Ten steps end nowhere as early as 5, which must not matter to a file that knows its own timestep.
    const timestepOf = async (path: string, assumedTimestep: number) =>
      (await resolveLatent(createLatentCache(), job, { kind: 'file', path, assumedTimestep }, settings))
        .latent.timestep
    expect(await timestepOf(bare, 500)).toBe(500)
    expect(await timestepOf(own, 500)).toBe(998)
    expect(await timestepOf(own, 5)).toBe(998)
  })

  it('keeps its stored timestep and rejects another (would catch latents of earlier versions changing timestep)', async () => {
    const path = join(emptyFolder(), 'latent.safetensors')
    const { latent, report } = await drawn(settings, 998)
    await writeLatentFile(path, latent, report, { overwrite: false })
    expect((await open(path)).latent.timestep).toBe(998)
    expect((await open(path, 998)).latent.timestep).toBe(998)
    await expect(open(path, 700)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('a latent of timestep 998, not of 700'),
    })
  })
})
