import type { SolverStep } from '#core/diffusion/integrate'
import { encodePng } from '../image/encodePicture'
import { tensorToPixels } from '../image/tensorPixels'
import type { ProgressReporter } from '../job/reportProgress'

/** Runs a solver to its end, showing each step, and answers its result and what it cost in network evaluations. */
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

/** Reports each step, with the predicted x0 as a picture when previews are wanted. */
export function showSteps(progress: ProgressReporter, previews: boolean) {
  return async ({ done, x0 }: SolverStep): Promise<void> =>
    progress(done, previews ? await encodePng(tensorToPixels(x0)) : undefined)
}
