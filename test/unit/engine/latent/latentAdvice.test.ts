import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { measureFidelity } from '#core/diffusion/fidelity'
import { decode } from '#core/diffusion/inversion'
import { measureLatentStatistics } from '#core/diffusion/latentStatistics'
import type { Tensor } from '#core/diffusion/tensor'
import type { Job } from '#engine/job/Job'
import { writeLatentFile } from '#engine/latent/latentFile'
import { createLatentCache } from '#engine/latent/latentCache'
import { adviseOn, reportBare } from '#engine/latent/reportLatent'
import { resolveLatent, resolveMeasuredLatent } from '#engine/latent/resolveLatent'
import { runSolver } from '#engine/latent/runSolver'
import { presetFor } from '#shared/presets'
import { latentSource } from '#shared/latentSource'
import { tinyModel } from '../../../fixtures/cli'
import { jobOn } from '../../../fixtures/job'
import { drawTensor } from '../../core/diffusion/draws'

const standard = presetFor('straightCodes', 'standard')
/** What separates a change of about 5 % from one of about 20 %: their geometric mean. */
const betweenGoodAndFair = 0.1
const sample = (name: string) => ({ path: resolve('resources/samples', name) })
const codesModel = 'resources/models/fruits-96'

async function decodeAll(job: Job, x: Tensor): Promise<Tensor> {
  const latent = { x, timestep: job.model.info.defaultEndTimestep }
  // Half the steps of Standard: along straight paths these make nearly the same pictures.
  const settings = { ...standard.decode, steps: 10 }
  const trajectory = { ...job.trajectory(), settings }
  return job.decodeStates((await runSolver(decode(latent, trajectory), () => undefined)).result)
}

function changed({ shape, data }: Tensor, change: (value: number) => number): Tensor {
  return { shape, data: data.map(change) }
}

describe('what is said of the latents of a bundled model', () => {
  it.each([
    ['fruits-96', 'straightCodes'],
    ['fruits-64', 'pixels'],
  ] as const)(
    'alarms nobody about pictures that come back and blend, %s (would catch limits of another model, or of an earlier edition)',
    async (id, kind) => {
      const job = await jobOn(`resources/models/${id}`)
      const cache = createLatentCache()
      const { encode, decode: back } = presetFor(kind, 'standard')
      const steps = 20
      for (const name of ['apple-red-yellow.webp', 'tomato-ribbed.webp']) {
        const source = latentSource.parse({
          kind: 'picture',
          picture: sample(name),
          encode: { ...encode, steps },
        })
        const { report } = await resolveMeasuredLatent(cache, job, source, { ...back, steps })
        const { psnr } = report.fidelityParts?.inversion ?? report.fidelity!
        expect(psnr).toBeGreaterThan(35)
        expect(report.advice.level, `${name}: ${report.advice.sentence}`).not.toBe('poor')
      }
    },
  )

  it('is good only where decoding hardly changes, and poor only where it does (would catch limits that nobody measured)', async () => {
    const job = await jobOn(codesModel)
    const draws = drawTensor(7, [4, ...job.model.space.stateShape])
    const expected = await decodeAll(job, draws)
    const levels = new Set<string | null>()
    for (const x of [
      changed(draws, (value) => 0.9 * value),
      changed(draws, (value) => 3 * value),
      changed(draws, (value) => value + 2),
    ]) {
      const health = measureLatentStatistics(x)
      const { level } = adviseOn(
        job.model,
        { x, timestep: job.model.info.defaultEndTimestep },
        { health, stateStd: null, seed: null, mixedFrom: null },
      )
      const change = Math.sqrt(measureFidelity(expected, await decodeAll(job, x)).mse)
      if (level === 'good') expect(change).toBeLessThan(betweenGoodAndFair)
      if (level === 'poor') expect(change).toBeGreaterThan(betweenGoodAndFair)
      levels.add(level)
    }
    expect(levels).toContain('good')
    expect(levels).toContain('poor')
  })
})

describe('what is said of the latents of any model', () => {
  const resolveAt = async (endTimestep: number | undefined) => {
    const encode = { solver: 'ddim', steps: 5, endTimestep }
    const source = latentSource.parse({ kind: 'picture', picture: sample('apple-red-yellow.webp'), encode })
    return (await resolveLatent(createLatentCache(), await jobOn(tinyModel), source, null)).report
  }

  it('blames no frames on statistics that were never measured on it', async () => {
    const { model } = await jobOn(tinyModel)
    const x = changed(drawTensor(1, [1, ...model.space.stateShape]), (value) => 3 * value)
    const { advice } = reportBare(model, { x, timestep: model.info.defaultEndTimestep })
    expect(advice).toMatchObject({ level: null, isNoise: true })
    expect(advice.sentence).not.toMatch(/blend|frames/)
  })

  it('compares a latent with noise only at timesteps that are noise (would catch "much too bright" of a picture at timestep 300)', async () => {
    expect((await resolveAt(300)).advice).toMatchObject({ level: null, isNoise: false })
    expect((await resolveAt(300)).advice.sentence).toContain('timestep 300')
    expect((await resolveAt(undefined)).advice.isNoise).toBe(true)
  })

  it('judges what was drawn as noise at any timestep, and what was made of it, also from a file (would catch "not noise yet" of a seed)', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'drawn-'))
    const job = await jobOn(tinyModel)
    const cache = createLatentCache()
    const resolved = (source: unknown) => resolveLatent(cache, job, latentSource.parse(source), null)
    const seed = (of: number) => ({ kind: 'seed', seed: of, endTimestep: 300 })
    const drawn = await resolved(seed(1))
    const path = join(folder, 'a.safetensors')
    await writeLatentFile(path, drawn.latent, drawn.report, { overwrite: false })
    const parts = [seed(1), seed(2)].map((latent) => ({ latent, weight: 0.5 }))
    for (const source of [seed(1), { kind: 'file', path }, { kind: 'mix', parts }]) {
      expect((await resolved(source)).report.advice.isNoise).toBe(true)
    }
    const encode = { solver: 'ddim', steps: 5, endTimestep: 300 }
    const picture = { kind: 'picture', picture: sample('apple-red-yellow.webp'), encode }
    const mixed = await resolved({ kind: 'mix', parts: [{ latent: picture, weight: 0.5 }, parts[0]] })
    expect(mixed.report.advice.isNoise).toBe(false)
    await rm(folder, { recursive: true })
  })

  it('still doubts the scale of an autoencoder in a latent that was saved (would catch the advice lost with the file)', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'advice-'))
    const job = await jobOn(codesModel)
    const { info, space } = job.model
    const latent = { x: drawTensor(1, [1, ...space.stateShape]), timestep: info.defaultEndTimestep }
    const path = join(folder, 'a.safetensors')
    const report = { ...reportBare(job.model, latent), stateStd: 10 }
    await writeLatentFile(path, latent, report, { overwrite: false })
    const source = latentSource.parse({ kind: 'file', path })
    const { report: read } = await resolveLatent(createLatentCache(), job, source, null)
    expect(read.advice.level).toBe('poor')
    expect(read.advice.sentence).toContain('scaling_factor')
    await rm(folder, { recursive: true })
  })
})
