import { predictX0, type PredictEpsilon } from './prediction'
import type { PathStep } from './path'
import type { Solver } from './solvers/solver'
import { createTensor, type Tensor } from './tensor'

/** One finished step, for progress and previews; the integration can be stopped after it. */
export interface SolverStep {
  readonly done: number
  readonly total: number
  /** Timestep of `x`; -1 for a clean picture off the timestep grid. */
  readonly timestep: number
  /** The state reached. Its memory is reused: copy what must outlive the step. */
  readonly x: Tensor
  /** The x0 predicted from the previous state. Computed on access; its memory is reused as well. */
  readonly x0: Tensor
  /** Network evaluations so far. */
  readonly evaluations: number
  /** How often so far `fixedPoint` did not converge and took the explicit step, counted per item and step. */
  readonly fallbacks: number
  /** While encoding, if the solver can tell: expected mean squared error of each reconstruction on [0, 1]. */
  readonly expectedError?: readonly number[]
}

/** A predictor that counts its calls. */
export interface CountedPredictor {
  readonly predict: PredictEpsilon
  readonly count: () => number
}

/** Counts the calls of a predictor, whatever the batch size. */
export function countEvaluations(predictEpsilon: PredictEpsilon): CountedPredictor {
  let evaluations = 0
  return {
    predict(x, timestep, out) {
      evaluations++
      return predictEpsilon(x, timestep, out)
    },
    count: () => evaluations,
  }
}

/**
 * Carries a state along a path with a solver, yielding after every step. The generator can be closed early,
 * because it holds nothing but memory. `start` is never written to.
 *
 * @returns the state at the end of the path
 */
export async function* integrate(
  start: Tensor,
  path: readonly PathStep[],
  solver: Solver,
  evaluations: () => number,
): AsyncGenerator<SolverStep, Tensor> {
  let x0: Tensor | undefined
  let x = start
  let next = createTensor(start.shape)
  for (const [index, step] of path.entries()) {
    const before = x
    const epsilon = await solver.advance(before, step, next)
    x = next
    yield {
      done: index + 1,
      total: path.length,
      timestep: step.to.timestep,
      x,
      get x0() {
        return (x0 = predictX0(before, epsilon, step.from, x0))
      },
      evaluations: evaluations(),
      fallbacks: solver.fallbacks ?? 0,
      expectedError: solver.expectedError,
    }
    next = before === start ? createTensor(start.shape) : before
  }
  return x
}
