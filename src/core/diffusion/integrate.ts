import { predictX0, type PredictEpsilon } from './prediction'
import type { PathStep } from './path'
import type { Solver } from './solvers/solver'
import { createTensor, type Tensor } from './tensor'

/** One finished step: progress, preview and a place to stop. */
export interface SolverStep {
  readonly done: number
  readonly total: number
  /** Timestep of `x`; -1 for a clean picture that lies off the grid. */
  readonly timestep: number
  /** The state reached. Its memory is used again: copy what must outlive the step. */
  readonly x: Tensor
  /** What the network took the clean picture to be, seen from the state before. Computed when asked for; memory as of `x`. */
  readonly x0: Tensor
  /** Network evaluations so far. */
  readonly evaluations: number
  /** How often so far, counted in items and steps, `fixedPoint` did not converge and took the plain step. */
  readonly fallbacks: number
  /** While encoding by a solver that can tell: the mean squared error on [0, 1] that each item is expected to come back with. */
  readonly expectedError?: readonly number[]
}

/** A predictor that knows how often it was asked. */
export interface CountedPredictor {
  readonly predict: PredictEpsilon
  readonly count: () => number
}

/** Counts how often a predictor is asked, whatever the size of the batch. */
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
 * Carries a state along a path by a solver, yielding after every step. Closing the generator early is clean: it holds
 * nothing but memory. `start` is never written to.
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
