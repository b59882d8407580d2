import { describe, expect, it } from 'vitest'
import { errorCodes } from '#shared/errors'
import { exitCodeOf } from '../../../src/cli/exitCodes'
import { parseShard } from '../../../src/cli/shards'

describe('--shard', () => {
  it.each([
    ['0/8', {}, { index: 0, count: 8 }],
    ['7/8', {}, { index: 7, count: 8 }],
    [
      'auto',
      { SLURM_ARRAY_TASK_ID: '12', SLURM_ARRAY_TASK_MIN: '10', SLURM_ARRAY_TASK_COUNT: '5' },
      { index: 2, count: 5 },
    ],
    [
      'auto',
      {
        SLURM_ARRAY_TASK_ID: '8',
        SLURM_ARRAY_TASK_MIN: '0',
        SLURM_ARRAY_TASK_COUNT: '3',
        SLURM_ARRAY_TASK_STEP: '4',
      },
      { index: 2, count: 3 },
    ],
    ['auto', { JOB_COMPLETION_INDEX: '3', JOB_COMPLETIONS: '4' }, { index: 3, count: 4 }],
    ['auto/8', { JOB_COMPLETION_INDEX: '3' }, { index: 3, count: 8 }],
    // Only tasks 3 and 5 of an array of 8 are rerun: MIN and COUNT describe those two.
    [
      'auto/8',
      { SLURM_ARRAY_TASK_ID: '5', SLURM_ARRAY_TASK_MIN: '3', SLURM_ARRAY_TASK_COUNT: '2' },
      { index: 5, count: 8 },
    ],
  ])('%s in environment %j means %j', (text, environment, expected) => {
    expect(parseShard(text, environment)).toEqual(expected)
  })

  it.each(['8/8', '1', '-1/4', '1/0', '1/2/3', 'auto', '', '0x1/2', 'auto/8'])('refuses "%s"', (text) => {
    expect(() => parseShard(text, {})).toThrow()
  })
})

it.each([
  ['12', '10', '5', '4'],
  ['8', '10', '5', '1'],
])(
  'refuses task %s of an array from %s on of %s tasks, every %s (would catch a shard that is no whole number)',
  (id, first, count, step) => {
    const environment = {
      SLURM_ARRAY_TASK_ID: id,
      SLURM_ARRAY_TASK_MIN: first,
      SLURM_ARRAY_TASK_COUNT: count,
      SLURM_ARRAY_TASK_STEP: step,
    }
    expect(() => parseShard('auto', environment)).toThrow('No variable names the shard')
  },
)

describe('exit codes', () => {
  it('are 64 to 78 for every failure, so that a scheduler can distinguish them from signals and from 1', () => {
    for (const code of errorCodes) {
      if (code === 'CANCELLED') continue
      const exit = exitCodeOf({ code, message: '' })
      expect(exit).toBeGreaterThanOrEqual(64)
      expect(exit).toBeLessThanOrEqual(78)
    }
  })

  it.each(['BAD_INPUT', 'BAD_MODEL', 'UNSUPPORTED', 'EXISTS'] as const)(
    'ask for no retry after %s',
    (code) => {
      expect(exitCodeOf({ code, message: '' })).not.toBe(75)
    },
  )

  it.each([
    ['SIGTERM', true, 75],
    ['SIGUSR1', true, 75],
    ['SIGINT', true, 130],
    ['SIGTERM', false, 143],
    ['SIGINT', false, 130],
  ])('after %s (resumable: %s): %i', (signal, resumable, expected) => {
    expect(exitCodeOf({ code: 'CANCELLED', message: '', data: { signal, resumable } })).toBe(expected)
  })
})
