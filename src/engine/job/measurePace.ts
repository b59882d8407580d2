import { createGaussian } from '#core/diffusion/gaussian'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import type { ModelPace } from '#shared/reports'
import { anyCondition } from './conditionOf'
import type { Job } from './Job'

/**
 * Returns how long a model takes. Work that was done before counts; only what it has not shown is tried, on noise.
 *
 * @throws StudioError whatever an evaluation throws
 */
export async function measurePace(job: Job): Promise<ModelPace> {
  const { denoiser, space, schedule, batch } = job.model
  const [answer, condition] = [job.answerer(), await anyCondition(job)]
  const evaluation = (items: number): Promise<number> =>
    afterTrying(
      () => answer(drawStates(job, items), schedule.numTrainTimesteps - 1, { condition: condition(items) }),
      () => denoiser.secondsPerEvaluation(items),
    )
  return {
    secondsPerEvaluation: await evaluation(1),
    secondsPerBatchedEvaluation: await evaluation(batch),
    secondsPerDecoding: await afterTrying(
      () => job.decodeStates(drawStates(job, 1)),
      () => space.secondsPerDecoding(),
    ),
  }
}

/** Tries until the result is known. */
async function afterTrying(attempt: () => Promise<unknown>, result: () => number | null): Promise<number> {
  for (;;) {
    const known = result()
    if (known !== null) return known
    await attempt()
  }
}

function drawStates({ model }: Job, count: number): Tensor {
  const states = createTensor([count, ...model.space.stateShape])
  createGaussian(0).fill(states.data)
  return states
}
