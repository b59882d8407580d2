import type { SolverStep } from '#core/diffusion/integrate'
import { encodePng } from '../image/encodePicture'
import { tensorToPixels } from '../image/tensorPixels'
import type { Job } from '../job/Job'
import type { ProgressReporter } from '../job/reportProgress'

/**
 * Runs a solver to its end, calling `onStep` after each step, and returns its result and its cost in
 * network evaluations.
 */
export async function runSolver<Result>(
  steps: AsyncGenerator<SolverStep, Result>,
  onStep: (step: SolverStep) => void | Promise<void>,
): Promise<{ result: Result; evaluations: number }> {
  let evaluations = 0
  for (;;) {
    const next = await steps.next()
    if (next.done) return { result: next.value, evaluations }
    evaluations = next.value.evaluations
    await onStep(next.value)
  }
}

/** Returns a function that reports each step, with the predicted x0 as a picture if previews are wanted. */
export function showSteps({ previews, model: { space } }: Job, progress: ProgressReporter) {
  // x0 is computed lazily, only when it is read.
  return async (step: SolverStep): Promise<void> =>
    progress(
      step.done,
      previews ? { preview: await encodePng(tensorToPixels(space.preview(step.x0))) } : undefined,
    )
}
