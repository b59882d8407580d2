import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engineRoutes } from '#shared/contract'
import { createGaussian } from '#core/random/gaussian'
import { createNoiseSchedule, levelAt } from '#core/diffusion/noiseSchedule'
import { ddimStep } from '#core/diffusion/step'
import { createTensor } from '#core/diffusion/tensor'
import { createEngineHandlers } from '#engine/handlers'
import { encodePng } from '#engine/image/encodePicture'
import { tensorToPixels } from '#engine/image/tensorPixels'
import { openModel } from '#engine/model/denoiser/openModel'
import { quietContext } from '../fixtures/job'
import { goldenRoot } from '../fixtures/modelCopy'
import { largestDifference } from './goldenUnet'

interface Golden {
  config: object
  x: number[]
  decoded: number[]
  sigmas: number[]
  timesteps: number[]
  shifted: { timesteps: number[]; sigmas: number[] }
}

/** Recorded from diffusers: record.py. */
const file = fileURLToPath(new URL('fixtures/flow/flow.json', import.meta.url))
const className = 'FlowMatchEulerDiscreteScheduler'

let golden: Golden
let folder: string
beforeAll(async () => {
  golden = JSON.parse(await readFile(file, 'utf8')) as Golden
  folder = await mkdtemp(join(tmpdir(), 'flow-'))
  await cp(join(goldenRoot, 'one-layer'), folder, { recursive: true })
  await writeSchedule({ ...golden.config, _class_name: className })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const writeSchedule = (config: object) =>
  writeFile(join(folder, 'scheduler/scheduler_config.json'), JSON.stringify(config))

describe('flow matching', () => {
  it('decodes like diffusers’ Euler scheduler (would catch timesteps off by one, or velocities with the wrong sign)', async () => {
    const { denoiser, schedule, info, close } = await openModel({ path: folder, threads: 1 })
    expect(info.predictionType).toBe('flow_prediction')
    let x = createTensor([1, 3, 16, 16], Float32Array.from(golden.x))
    for (const [i, shown] of golden.timesteps.entries()) {
      // Networks are shown t, and the timesteps before it are counted from 0.
      const from = levelAt(schedule, shown - 1)
      expect(from.noise).toBeCloseTo(golden.sigmas[i], 6)
      const next = golden.timesteps[i + 1]
      const to = next === undefined ? schedule.clean : levelAt(schedule, next - 1)
      const epsilon = { weight: 1, tensor: await denoiser.predict(x, shown - 1) }
      x = ddimStep(x, [epsilon], { from, to }, createTensor(x.shape))
    }
    expect(largestDifference(x.data, Float32Array.from(golden.decoded))).toBeLessThan(1e-4)
    await close()
  })

  it('has diffusers’ noise level at each timestep of a shifted schedule (would catch a shift that is applied twice)', () => {
    const { timesteps, sigmas } = golden.shifted
    for (const config of [
      { _class_name: className, shift: 3 },
      {
        _class_name: 'DPMSolverMultistepScheduler',
        use_flow_sigmas: true,
        flow_shift: 3,
        prediction_type: 'flow_prediction',
      },
    ]) {
      const schedule = createNoiseSchedule(config)
      for (const [i, shown] of timesteps.entries()) {
        const { signal, noise } = levelAt(schedule, shown - 1)
        expect(noise).toBeCloseTo(sigmas[i], 6)
        expect(signal + noise).toBeCloseTo(1, 9)
      }
    }
  })
})

describe('models distilled to a few steps', () => {
  it.each(['LCMScheduler', 'TCDScheduler'])(
    'of %s make pictures but refuse to encode any, and say why',
    async (name) => {
      await writeSchedule({ _class_name: name })
      const handlers = createEngineHandlers()
      const model = { path: folder, threads: 1 }
      const decode = { solver: 'ddim', timestepSpacing: 'linear', steps: 2 }
      const seed = engineRoutes['animation.frames'].input.parse({
        model,
        plan: { kind: 'list', latents: [{ kind: 'seed', seed: 3 }] },
        indices: [0],
        decode,
      })
      expect((await handlers['animation.frames'](seed, quietContext)).frames).toHaveLength(1)
      const noise = createTensor([1, 3, 16, 16])
      createGaussian(1).fill(noise.data)
      const path = join(folder, 'a.png')
      await writeFile(path, await encodePng(tensorToPixels(noise)))
      const latent = { kind: 'picture', picture: { path }, encode: decode }
      const input = engineRoutes['latent.info'].input.parse({ model, latent })
      await expect(handlers['latent.info'](input, quietContext)).rejects.toMatchObject({
        code: 'UNSUPPORTED',
        message: expect.stringMatching(/encodes none: it was distilled.*Start from seeds/),
      })
      await writeSchedule({ ...golden.config, _class_name: className })
    },
  )
})
