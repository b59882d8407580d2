import { describe, expect, it } from 'vitest'
import type { ShortSteps } from '#core/statistics/shortSteps'
import type { Progress } from '#shared/progress'
import { runShortSteps } from '#engine/job/runShortSteps'
import { quietContext } from '../../../fixtures/job'

/** A calculation of ten steps that keep the process busy for 40 milliseconds each. */
function* busy(): ShortSteps<string> {
  for (let step = 1; step <= 10; step++) {
    const started = performance.now()
    while (performance.now() - started < 40);
    yield step / 10
  }
  return 'done'
}

describe('runShortSteps', () => {
  it('lets the event loop run during a long calculation, and reports it in percent (would catch an engine killed as hung)', async () => {
    const told: Progress[] = []
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const context = { ...quietContext, report: (progress: Progress) => void told.push(progress) }
    expect(await runShortSteps(busy(), context, 'kernel distance')).toBe('done')
    clearInterval(timer)
    expect(turns).toBeGreaterThanOrEqual(4)
    const done = told.map((progress) => progress.done)
    expect(done).toEqual([...done].sort((a, b) => a - b))
    expect(done.length).toBeGreaterThanOrEqual(4)
    expect(told.at(-1)).toMatchObject({ phase: 'measure', total: 100, label: 'kernel distance' })
  })

  it('ends a long calculation that is cancelled in the middle of it', async () => {
    const cancel = new AbortController()
    const reason = new Error('Cancelled.')
    setTimeout(() => cancel.abort(reason), 1)
    const running = runShortSteps(busy(), { ...quietContext, signal: cancel.signal }, 'kernel distance')
    await expect(running).rejects.toBe(reason)
  })
})
