import { describe, expect, it, vi } from 'vitest'
import { failureOfAnswer } from '../../../src/download/hubFailure'
import { retry, usualRetryPolicy } from '../../../src/download/retry'

vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }))

const asked = { endpoint: 'https://hub.example', repository: 'a/b', revision: 'main', withToken: false }

/** Returns how long is waited, in seconds, after each of so many answers 429 with this header. */
async function waitsAfter(retryAfter: string, failures: number): Promise<number[]> {
  const waits: number[] = []
  let answers = 0
  await retry(
    async () => {
      if (answers++ < failures) throw failureOfAnswer(429, { 'retry-after': retryAfter }, asked)
    },
    { retryPolicy: usualRetryPolicy, onWait: (seconds) => waits.push(seconds) },
  )
  return waits
}

describe('a busy hub', () => {
  it.each([
    ['2', 2],
    ['599', 599],
  ])(
    'is left alone as long as it asks, Retry-After: %s (would catch retries that a hub answers with a ban)',
    async (header, seconds) => {
      expect(await waitsAfter(header, 1)).toEqual([seconds])
    },
  )

  it.each(['3600', 'Fri, 31 Dec 2027 23:59:59 GMT', '-5', 'soon'])(
    'is asked again after the usual wait, doubled each time, if it says Retry-After: %s (would catch an hour of silence)',
    async (header) => {
      const waits = await waitsAfter(header, 3)
      // Half a second first, and up to a quarter more or less at random.
      for (const [at, usual] of [0.5, 1, 2].entries()) {
        expect(waits[at]).toBeGreaterThanOrEqual(usual * 0.75)
        expect(waits[at]).toBeLessThanOrEqual(usual * 1.25)
      }
    },
  )

  it('is never asked sooner than after the usual wait, even if it says so', async () => {
    const [, second] = await waitsAfter('0.001', 2)
    expect(second).toBeGreaterThanOrEqual(0.75)
  })
})
