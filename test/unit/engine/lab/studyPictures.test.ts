import { describe, expect, it } from 'vitest'
import { createNoiseSchedule, type NoiseSchedule } from '#core/diffusion/noiseSchedule'
import { createRenderCache } from '#engine/animation/renderCache'
import { studyDiscrete } from '#engine/lab/discrete/studyDiscrete'
import { reportStudy } from '#engine/lab/report'
import { decodeStop, loadStudyPictures } from '#engine/lab/studyPictures'
import { discreteStudy } from '#shared/lab'
import { tinyModel } from '../../../fixtures/cli'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { jobOn, quietContext } from '../../../fixtures/job'
import { manifest } from './study'

const cache = createRenderCache()
const early = { kind: 'seed', seed: 1, endTimestep: 30 } as const

/** The tiny model, as if it had been trained on this schedule. */
async function jobOnSchedule(schedule: NoiseSchedule) {
  const job = await jobOn(tinyModel)
  return job.with({ model: { ...job.model, schedule } })
}

describe('the picture of a latent', () => {
  it('is decoded with the 50 steps of the default settings', async () => {
    const { decode } = await decodeStop(cache, await jobOn(tinyModel), { kind: 'seed', seed: 1 })
    expect(decode).toMatchObject({ solver: 'blended2m', timestepSpacing: 'karras', steps: 50 })
  })

  // Timesteps 0 to 30; 1 to 49, because timestep 0 is the clean picture; 0 to 8, because the last holds almost no signal.
  it.each([
    ['that lies at an early timestep', {}, early, 31],
    [
      'on a short schedule whose clean picture is timestep 0',
      { _class_name: 'PNDMScheduler', set_alpha_to_one: false, num_train_timesteps: 50 },
      { kind: 'seed', seed: 1 } as const,
      49,
    ],
    [
      'on a short cosine schedule',
      { beta_schedule: 'squaredcos_cap_v2', num_train_timesteps: 10 },
      { kind: 'seed', seed: 1 } as const,
      9,
    ],
  ])('%s is decoded in as many steps as fit', async (_, config, stop, steps) => {
    const job = await jobOnSchedule(createNoiseSchedule(config))
    const { decode, pixels } = await decodeStop(cache, job, stop)
    expect(decode.steps).toBe(steps)
    expect(pixels.width).toBe(16)
  })

  it('at an early timestep is studied in colour indices too', async () => {
    const stops = [early, { ...early, seed: 2 }]
    const study = discreteStudy.parse({ stops, colours: 4, side: 8, steps: [3], seed: 3 })
    const report = await studyDiscrete(cache, study, quietContext, () => jobOn(tinyModel))
    expect(report.pictures).toHaveLength(2)
  })
})

it('a study names the settings that decoded each latent (would catch one note for all of them)', async () => {
  const job = await jobOn(tinyModel)
  const decoded = await loadStudyPictures(cache, job, [early, { kind: 'seed', seed: 2 }])
  const content = {
    manifest: { ...manifest, pictures: decoded.map(({ record }) => record) },
    entries: new Map(),
  }
  const { notes } = await reportStudy(emptyFolder(), content, 0)
  expect(notes).toEqual([expect.stringMatching(/31.*: seed 1/), expect.stringMatching(/50.*: seed 2/)])
})
