import type { SolverStep } from '../core/integrate'

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
