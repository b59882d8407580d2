import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { OverallProgress, Progress } from '#shared/progress'
import { reportProgress } from '#engine/job/reportProgress'
import { combineProgress, type PartCost } from '#engine/job/combineProgress'

/** The clock stands still unless it is advanced, so expected times are exact. */
beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

function track(costs: readonly PartCost[]) {
  const told: OverallProgress[] = []
  const signal = new AbortController().signal
  const report = ({ overall }: Progress) => told.push(overall!)
  return {
    parts: combineProgress(
      { signal, report, computesOn: () => undefined, evaluates: () => undefined },
      costs,
    ),
    told,
  }
}

/** Runs a phase of `total` steps of one second each. */
function run(
  part: ReturnType<typeof track>['parts'][number],
  phase: Progress['phase'],
  total: number,
  before = 0,
) {
  const progress = reportProgress(part, phase, total, { before })
  for (let done = before + 1; done <= total; done++) {
    vi.advanceTimersByTime(1000)
    progress(done)
  }
}

it('increases from 0 to 1 through all phases and parts, and never falls back', () => {
  const { parts, told } = track([{ encode: 10, decode: 10 }, { decode: 60 }, { write: 20 }])
  run(parts[0], 'encode', 10)
  run(parts[0], 'decode', 10)
  run(parts[1], 'decode', 60)
  run(parts[2], 'write', 20)
  const shares = told.map(({ share }) => share)
  expect(shares).toEqual([...shares].sort((a, b) => a - b))
  expect(shares[0]).toBe(0)
  // Ten steps of a hundred, and the report at the start of the phase.
  expect(shares[10]).toBeCloseTo(0.1)
  expect(shares.at(-1)).toBe(1)
})

it('estimates the time left for all remaining parts, not only for the current phase', () => {
  const { parts, told } = track([{ encode: 10, decode: 10 }, { write: 20 }])
  run(parts[0], 'encode', 10)
  expect(told.at(-1)!.etaSeconds).toBeCloseTo(30)
})

it('counts skipped parts and resumed frames as done, but not towards the pace', () => {
  const { parts, told } = track([{ encode: 50 }, { decode: 100 }, { write: 10 }])
  run(parts[1], 'decode', 100, 60)
  expect(told[0]).toEqual({ share: 1 - 50 / 160, etaSeconds: null })
  // One step per second, and ten of them left.
  expect(told.at(-1)!.etaSeconds).toBeCloseTo(10)
})

it('reports no progress for a phase without a cost', () => {
  const { parts, told } = track([{ encode: 10 }])
  run(parts[0], 'load', 2)
  expect(told.map(({ share }) => share)).toEqual([0, 0, 0])
})
