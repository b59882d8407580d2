import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { levelAt } from '#core/diffusion/noiseSchedule'
import type { PredictionType } from '#core/diffusion/schedulerConfig'
import { intakeTest } from '#engine/intake/intakeTest'
import { Job } from '#engine/job/Job'
import { Denoiser } from '#engine/model/denoiser/Denoiser'
import type { Model } from '#engine/model/denoiser/model'
import { openModel } from '#engine/model/denoiser/openModel'
import type { Network, NetworkInputs } from '#engine/model/network/Network'
import { Turns } from '#engine/model/network/Turns'
import { createTensor, itemOf, type Tensor } from '#core/diffusion/tensor'
import type { IntakeReport } from '#shared/reports'
import type { ModelReading } from '#shared/modelSource'
import { quietContext } from '../../../fixtures/job'
import { goldenRoot } from '../../../fixtures/modelCopy'

const bundled = resolve('resources/models/fruits-64')

function check(model: Model): Promise<IntakeReport> {
  return intakeTest(new Job({ model, context: quietContext, priority: 'encode' }))
}

async function checkFolder(path: string, reading: ModelReading = {}): Promise<IntakeReport> {
  const model = await openModel({ path, threads: 1, ...reading })
  const report = await check(model)
  await model.close()
  return report
}

type Answer = (
  inputs: NetworkInputs,
  epsilon: (sample: Tensor, timestep: number) => Promise<Tensor>,
  inside: Denoiser,
) => Promise<Tensor>

/** The bundled, trained network, behind a wrapper that changes its input or output. */
async function wrapped(answer: Answer, info: Partial<Model['info']> = {}): Promise<IntakeReport> {
  const inside = await openModel({ path: bundled, threads: 1 })
  const network: Network = {
    outputChannels: inside.info.state.channels,
    sliceOf: (batch) => batch,
    groupOf: (batch) => batch,
    evaluate: async (inputs, out) => {
      const epsilon = (sample: Tensor, timestep: number) => inside.denoiser.predict(sample, timestep)
      const { data } = await answer(inputs, epsilon, inside.denoiser)
      out.data.set(data)
    },
    deviceFailure: () => null,
    close: async () => undefined,
  }
  const { schedule, denoiser, space } = inside
  const model = { ...inside.info, ...info }
  const outside = new Denoiser({
    model,
    network,
    schedule: { ...schedule, predictionType: model.predictionType },
    timestepScale: model.timestepScale,
    stateShape: space.stateShape,
    turns: new Turns(),
  })
  const report = await check({ ...inside, info: model, denoiser: outside })
  await denoiser.close()
  return report
}

describe('the intake test of a trained network', () => {
  it('confirms the configuration of the bundled model', async () => {
    const report = await checkFolder(bundled)
    expect(report).toMatchObject({ predictionType: 'v_prediction', timestepScale: 1, warnings: [] })
    expect(report.confidence).toBeGreaterThan(0.6)
    expect(report.batchDifference).toBeLessThan(1e-3)
  })

  it.each(['epsilon', 'sample'] as const)(
    'warns when the network is opened with the wrong prediction type %s',
    async (prediction) => {
      const report = await checkFolder(bundled, { prediction })
      expect(report.predictionType).toBe('v_prediction')
      expect(report.warnings).toEqual([expect.stringContaining('looks like the velocity')])
    },
  )

  it.each(['epsilon', 'sample'] as const)('recognises a network that predicts %s', async (type) => {
    const report = await wrapped(answering(type), { predictionType: 'v_prediction' })
    expect(report.predictionType).toBe(type)
    expect(report.warnings).toHaveLength(1)
    expect((await wrapped(answering(type), { predictionType: type })).warnings).toEqual([])
  })

  it('detects a network that was trained on timesteps from 0 to 1', async () => {
    // Its own embedding accepts any timestep, even far beyond those it was trained on.
    const onUnit: Answer = ({ sample, timestep }, _, inside) =>
      inside.answer(sample, 1, { timestepScale: 1000 * timestep })
    const report = await wrapped(onUnit)
    expect(report.timestepScale).toBeCloseTo(1 / 1000, 5)
    expect(report.warnings).toEqual([expect.stringContaining('timesteps from 0 to 1')])
    const corrected = await wrapped(onUnit, { timestepScale: report.timestepScale })
    expect(corrected).toMatchObject({ timestepScale: report.timestepScale, warnings: [] })
  })

  it('detects a network that mixes the pictures of a batch (would catch batch statistics in training mode)', async () => {
    const mixing: Answer = async ({ sample, timestep }, epsilon) => {
      const answer = await epsilon(sample, timestep)
      if (sample.shape[0] === 1) return answer
      const [first, second] = [0, 1].map((i) => Float32Array.from(itemOf(answer, i).data))
      return createTensor(answer.shape, Float32Array.of(...mean(first, second), ...mean(second, first)))
    }
    const report = await wrapped(mixing, { predictionType: 'epsilon' })
    expect(report.warnings).toEqual([expect.stringContaining('changes when the picture is in a batch')])
  })

  it('detects a network that was trained on pictures from 0 to 1', async () => {
    // Its output for a picture darker than any it has seen: black.
    const unitRange: Answer = async ({ sample, timestep }, epsilon) => {
      const { signal, noise } = await levelOf(timestep)
      const answer = await epsilon(sample, timestep)
      return createTensor(
        answer.shape,
        answer.data.map((value, i) => {
          const x0 = Math.max(0, (sample.data[i] - noise * value) / signal)
          return (sample.data[i] - signal * x0) / noise
        }),
      )
    }
    const report = await wrapped(unitRange, { predictionType: 'epsilon' })
    expect(report.warnings).toEqual([expect.stringContaining('from 0 (black) to 1 (white)')])
  })
})

describe('the intake test of a network with random weights', () => {
  it.each(['one-layer', 'tutorial-like', 'class-conditional', 'learned-variance', 'gray-no-mid-attention'])(
    'gives no warnings: %s (would catch a false alarm)',
    async (name) => {
      const report = await checkFolder(join(goldenRoot, name))
      expect(report).toMatchObject({ predictionType: null, timestepScale: 1, warnings: [] })
    },
  )
})

function mean(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => 0.7 * value + 0.3 * b[i])
}

async function levelOf(timestep: number) {
  const { schedule } = await openModel({ path: bundled, threads: 1 })
  return levelAt(schedule, timestep)
}

/** Both follow from x = a x0 + s epsilon. */
function answering(type: Exclude<PredictionType, 'v_prediction' | 'flow_prediction'>): Answer {
  return async ({ sample, timestep }, predictEpsilon) => {
    const epsilon = await predictEpsilon(sample, timestep)
    if (type === 'epsilon') return epsilon
    const { signal, noise } = await levelOf(timestep)
    const x0 = epsilon.data.map((value, i) => (sample.data[i] - noise * value) / signal)
    return createTensor(epsilon.shape, x0)
  }
}
