import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createWatchdog } from '#host/watchdog'

/** Blocks this process, as suspending the computer does. */
function holdUp(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

describe('createWatchdog', () => {
  it('does not mistake time in which this process itself was blocked for silence', async () => {
    const onSilence = vi.fn()
    const watchdog = createWatchdog(onSilence)
    watchdog.reset(0.4)
    await wait(50)
    holdUp(1000)
    await wait(50)
    watchdog.reset(null)
    expect(onSilence).not.toHaveBeenCalled()
  })

  describe('with a fake clock', () => {
    beforeEach(() => void vi.useFakeTimers())
    afterEach(() => void vi.useRealTimers())

    it('calls back once after the given period of silence', () => {
      const onSilence = vi.fn()
      createWatchdog(onSilence).reset(20)
      vi.advanceTimersByTime(19_999)
      expect(onSilence).not.toHaveBeenCalled()
      vi.advanceTimersByTime(100_000)
      expect(onSilence.mock.calls).toEqual([[20]])
    })

    it('restarts at each reset, and stops when reset with null', () => {
      const onSilence = vi.fn()
      const watchdog = createWatchdog(onSilence)
      for (let i = 0; i < 10; i++) {
        watchdog.reset(20)
        vi.advanceTimersByTime(15_000)
      }
      watchdog.reset(null)
      vi.advanceTimersByTime(100_000)
      expect(onSilence).not.toHaveBeenCalled()
    })
  })
})
