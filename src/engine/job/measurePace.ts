import { createGaussian } from '#core/random/gaussian'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import type { ModelPace } from '#shared/reports'
import type { Model } from '../model/denoiser/model'
import { anyCondition } from './conditionOf'
import type { Job } from './Job'

/**
 * Returns how long a model takes. What earlier work has shown is used; only the rest is measured, on noise.
 *
 * @throws StudioError whatever an evaluation throws
 */
export async function measurePace(job: Job): Promise<ModelPace> {
  for (;;) {
    const pace = knownPace(job.model)
    if (pace.secondsPerEvaluation === null) await evaluate(job, 1)
    else if (pace.secondsPerBatchedEvaluation === null) await evaluate(job, job.model.batch)
    else if (pace.secondsPerDecoding === null) await job.decodeStates(drawStates(job, 1))
    else return pace
  }
}

/** Returns what earlier work has shown. */
export function knownPace({ denoiser, space, batch }: Model): ModelPace {
  return {
    secondsPerEvaluation: denoiser.secondsPerEvaluation(1),
    secondsPerBatchedEvaluation: denoiser.secondsPerEvaluation(batch),
    secondsPerDecoding: space.secondsPerDecoding(),
  }
}

async function evaluate(job: Job, items: number): Promise<void> {
  const condition = await anyCondition(job)
  const timestep = job.model.schedule.numTrainTimesteps - 1
  await job.answerer()(drawStates(job, items), timestep, { condition: condition(items) })
}

function drawStates({ model }: Job, count: number): Tensor {
  const states = createTensor([count, ...model.space.stateShape])
  createGaussian(0).fill(states.data)
  return states
}
