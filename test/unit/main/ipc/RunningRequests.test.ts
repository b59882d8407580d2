import { expect, it } from 'vitest'
import { RunningRequests } from '../../../../src/main/ipc/RunningRequests'

it('keeps an export and a save running when its page goes away, and cancels requests that only the page was waiting for', () => {
  const running = new RunningRequests()
  const signals: AbortSignal[] = []
  for (const route of ['animation.export', 'project.save', 'animation.frames'] as const) {
    void running.run(route, route, (signal) => {
      signals.push(signal)
      return new Promise(() => undefined)
    })
  }
  running.cancelAnswers()
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, true])
  running.cancel('animation.export')
  expect(signals[0].aborted).toBe(true)
})
