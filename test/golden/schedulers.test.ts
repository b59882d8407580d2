import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { DecodeSettings, EncodeSettings } from '#core/diffusion/settings'
import type { TimestepSpacing } from '#core/diffusion/timestepSpacings/registry'
import { decode, encode } from '#core/diffusion/inversion'
import type { SolverStep } from '#core/diffusion/integrate'
import { createNoiseSchedule } from '#core/diffusion/noiseSchedule'
import type { PredictEpsilon } from '#core/diffusion/prediction'
import { createTensor, type Tensor } from '#core/diffusion/tensor'

interface Case {
  scheduler: string
  steps: number
  timesteps: number[]
  config: { timestep_spacing: TimestepSpacing }
  first: number[]
  final: number[]
}

interface Recording {
  mu: number
  s2: number
  start: number[]
  cases: Case[]
}

function read(name: string): Recording {
  const text = readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8')
  // Python writes infinities, which JSON does not have.
  return JSON.parse(text.replaceAll('-Infinity', 'null')) as Recording
}

/**
 * Trajectories of diffusers' schedulers on the exact epsilon of data from N(mu, s2), in float64. The other two
 * files are of `fixtures/recordSchedulers.py`: DPM-Solver as it is by default, where its last step is plain, and
 * PLMS on every spacing.
 */
const recording = read('schedulers.json')
const cases = [...recording.cases, ...read('lowerOrderFinal.json').cases, ...read('plms.json').cases]

/** Our settings that correspond to each of diffusers' schedulers. */
interface Compatibility {
  className: string
  solver: EncodeSettings['solver']
  timestepSpacing: TimestepSpacing
  conditioningTimestep?: EncodeSettings['conditioningTimestep']
}

function compatibilityOf({ scheduler, config }: Case): Compatibility {
  const timestepSpacing = config.timestep_spacing
  switch (scheduler) {
    case 'DDIM':
      return { className: 'DDIMScheduler', solver: 'ddim', timestepSpacing }
    case 'DDIMInverse':
      return {
        className: 'DDIMInverseScheduler',
        solver: 'ddim',
        timestepSpacing,
        conditioningTimestep: 'next',
      }
    case 'DPMSolver++2M':
      return { className: 'DPMSolverMultistepScheduler', solver: 'dpm++2m', timestepSpacing }
    case 'DPMSolver++2M inverse':
      return {
        className: 'DPMSolverMultistepInverseScheduler',
        solver: 'dpm++2m',
        timestepSpacing,
        conditioningTimestep: 'current',
      }
    case 'PNDM (PLMS)':
      return { className: 'PNDMScheduler', solver: 'plms', timestepSpacing }
    default:
      throw new Error(`No counterpart of ${scheduler}.`)
  }
}

async function lastStateOf(trajectory: AsyncGenerator<SolverStep, unknown>): Promise<number[]> {
  let last: number[] = []
  for await (const { x } of trajectory) last = [...x.data]
  return last
}

/** Absolute below 1, relative above: our states are float32, the recorded ones are float64 and up to 3.6. */
function largestDifference(actual: readonly number[], expected: readonly number[]): number {
  const differences = actual.map((value, index) => {
    return Math.abs(value - expected[index]) / Math.max(1, Math.abs(expected[index]))
  })
  return Math.max(...differences)
}

/** What the network was shown in each call, and the final state. */
interface Replay {
  labels: number[]
  shown: number[][]
  final: number[]
}

async function replay(golden: Case): Promise<Replay> {
  const { className, solver, timestepSpacing, conditioningTimestep } = compatibilityOf(golden)
  const schedule = createNoiseSchedule({ ...golden.config, _class_name: className })
  const labels: number[] = []
  const shown: number[][] = []
  const predictEpsilon: PredictEpsilon = async (x, timestep) => {
    labels.push(timestep)
    shown.push([...x.data])
    const { signal, noise } = schedule.levels[timestep]
    const scale = noise / (signal ** 2 * recording.s2 + noise ** 2)
    return createTensor(
      x.shape,
      x.data.map((value) => scale * (value - signal * recording.mu)),
    )
  }
  const start: Tensor = createTensor([1, 3, 2, 2], Float32Array.from(recording.start))
  const { steps } = golden
  if (conditioningTimestep) {
    const settings: EncodeSettings = { solver, timestepSpacing, steps, conditioningTimestep }
    return { labels, shown, final: await lastStateOf(encode(start, { schedule, settings, predictEpsilon })) }
  }
  const settings: DecodeSettings = {
    solver,
    timestepSpacing,
    steps,
    eta: 0,
    sigmaHat: false,
    seed: 0,
    clip: false,
  }
  const latent = { x: start, timestep: golden.timesteps[0] }
  return { labels, shown, final: await lastStateOf(decode(latent, { schedule, settings, predictEpsilon })) }
}

describe.each(cases)(
  '$scheduler, $steps steps, $config.timestep_spacing, end $config.final_sigmas_type',
  (golden) => {
    test('shows the network the same timesteps and passes through the same states as diffusers', async () => {
      const { labels, shown, final } = await replay(golden)
      expect(labels).toEqual(golden.timesteps)
      // The fewer the steps from timestep 999, where the signal is 1/157, the more they magnify float32's rounding.
      const tolerance = golden.steps < 10 ? 3e-5 : 1e-6
      // A single step leads to the picture.
      expect(largestDifference(shown[1] ?? final, golden.first)).toBeLessThan(tolerance)
      expect(largestDifference(final, golden.final)).toBeLessThan(tolerance)
    })
  },
)
