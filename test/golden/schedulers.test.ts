import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { NodeKind } from '#shared/settings'
import { decode, encode } from '../../src/main/engine/core/inversion'
import type { SolverStep } from '../../src/main/engine/core/integrate'
import { createNodes } from '../../src/main/engine/core/nodes'
import { createNoiseSchedule } from '../../src/main/engine/core/noiseSchedule'
import type { PredictEpsilon } from '../../src/main/engine/core/prediction'
import { createTensor } from '../../src/main/engine/core/tensor'

/** Trajectories of diffusers 0.40's schedulers on the exact epsilon of data from N(mu, s2), in float64. */
interface Recording {
  mu: number
  s2: number
  start: number[]
  cases: {
    scheduler: string
    steps: number
    timesteps: number[]
    config: { timestep_spacing: NodeKind }
    first: number[]
    final: number[]
  }[]
}

const recording: Recording = JSON.parse(
  // Python writes an infinity that JSON does not have.
  readFileSync(new URL('./fixtures/schedulers.json', import.meta.url), 'utf8').replaceAll(
    '-Infinity',
    'null',
  ),
)

async function run<Result>(trajectory: AsyncGenerator<SolverStep, Result>) {
  const states: number[][] = []
  for (;;) {
    const next = await trajectory.next()
    if (next.done) return { states, result: next.value }
    states.push([...next.value.x.data])
  }
}

/** Absolute below 1, relative above: our states are float32, the recorded ones float64 and up to 3.6. */
function largestDifference(actual: readonly number[], expected: readonly number[]): number {
  return Math.max(
    ...actual.map(
      (value, index) => Math.abs(value - expected[index]) / Math.max(1, Math.abs(expected[index])),
    ),
  )
}

describe.each(recording.cases.filter(({ scheduler }) => scheduler.startsWith('DDIM')))(
  '$scheduler, $steps steps, $config.timestep_spacing',
  (golden) => {
    const schedule = createNoiseSchedule(golden.config)
    const labels: number[] = []
    const predictEpsilon: PredictEpsilon = async (x, timestep) => {
      labels.push(timestep)
      const a = schedule.alphasCumprod[timestep]
      const scale = Math.sqrt(1 - a) / (a * recording.s2 + 1 - a)
      return createTensor(
        x.shape,
        x.data.map((value) => scale * (value - Math.sqrt(a) * recording.mu)),
      )
    }
    const start = createTensor([1, 3, 2, 2], Float32Array.from(recording.start))
    const { steps } = golden
    const nodes = golden.config.timestep_spacing
    const decodeSettings = { steps, nodes, eta: 0, sigmaHat: false, seed: 0, clip: false }

    test('the trajectory is that of diffusers', async () => {
      const { states } =
        golden.scheduler === 'DDIMInverse'
          ? await run(
              encode(start, {
                schedule,
                settings: { solver: 'ddim', steps, nodes, label: 'destination' },
                predictEpsilon,
              }),
            )
          : await run(
              decode(
                { x: start, timestep: createNodes(schedule, nodes, steps).timesteps[steps - 1] },
                { schedule, settings: { ...decodeSettings, solver: 'ddim' }, predictEpsilon },
              ),
            )
      expect(labels).toEqual(golden.timesteps)
      expect(largestDifference(states[0], golden.first)).toBeLessThan(1e-6)
      expect(largestDifference(states.at(-1)!, golden.final)).toBeLessThan(1e-6)
    })
  },
)
