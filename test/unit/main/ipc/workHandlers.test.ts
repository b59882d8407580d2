import { expect, it } from 'vitest'
import type { HandlerContext } from '../../../../src/main/ipc/handlers'
import { workHandlers } from '../../../../src/main/ipc/workHandlers'

const context: HandlerContext = { requestId: '1', signal: new AbortController().signal }

function system({ focused = false } = {}) {
  const shares: number[] = []
  const notified: string[] = []
  const awake = new Set<number>()
  let next = 1
  const queue = { waiting: 0 }
  const handlers = workHandlers({
    queue,
    window: {
      setProgressBar: (share) => shares.push(share),
      isFocused: () => focused,
      show: () => undefined,
      focus: () => undefined,
    },
    power: {
      start: () => {
        awake.add(next)
        return next++
      },
      stop: (id) => awake.delete(id),
    },
    notify: (title) => notified.push(title),
  })
  return { handlers, shares, notified, awake }
}

it('keeps the computer awake exactly while work is running (would catch a laptop that never sleeps again)', async () => {
  const { handlers, shares, awake } = system()
  for (const share of [0.1, 0.5, 1]) await handlers['work.report']({ share, waiting: 0 }, context)
  expect(awake.size).toBe(1)
  await handlers['work.report']({ share: null, waiting: 0 }, context)
  await handlers['work.report']({ share: null, waiting: 0 }, context)
  expect(awake.size).toBe(0)
  // Electron removes the bar for a negative share.
  expect(shares).toEqual([0.1, 0.5, 1, -1, -1])
})

it('notifies the user of finished work only if the window is not focused', async () => {
  const ended = { title: 'Export finished', detail: 'morph.gif' }
  const away = system()
  await away.handlers['work.ended'](ended, context)
  expect(away.notified).toEqual(['Export finished'])
  const here = system({ focused: true })
  await here.handlers['work.ended'](ended, context)
  expect(here.notified).toEqual([])
})
