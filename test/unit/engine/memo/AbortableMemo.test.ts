import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { AbortableMemo } from '#engine/memo/AbortableMemo'

const never = new AbortController().signal

describe('AbortableMemo', () => {
  it('runs the work once for two simultaneous requests', async () => {
    const shared = new AbortableMemo<{ value: number }>({ max: 4 })
    let runs = 0
    const work = async () => ({ value: ++runs })
    const [first, second] = await Promise.all([shared.get('k', never, work), shared.get('k', never, work)])
    expect(first).toBe(second)
    expect(runs).toBe(1)
  })

  it('does not cache a failure, so that the next request tries again', async () => {
    const shared = new AbortableMemo<object>({ max: 4 })
    await expect(shared.get('k', never, () => Promise.reject(new Error('disk')))).rejects.toThrow('disk')
    const result = {}
    expect(await shared.get('k', never, async () => result)).toBe(result)
  })

  it('evicts the least recently used results when their total size exceeds the limit (would catch unbounded memory use)', async () => {
    const memo = new AbortableMemo<{ weight: number }>({ maxSize: 10, sizeOf: ({ weight }) => weight })
    let runs = 0
    const get = (key: string, weight: number) => memo.get(key, never, async () => (runs++, { weight }))
    await get('a', 6)
    await get('b', 4)
    await get('a', 6)
    expect(runs).toBe(2)
    await get('c', 3)
    await get('a', 6)
    expect(runs).toBe(3)
    await get('b', 4)
    expect(runs).toBe(4)
    await get('whale', 11)
    await get('whale', 11)
    expect(runs).toBe(6)
  })

  it('restarts the work for a waiting second request when the first request is cancelled', async () => {
    const shared = new AbortableMemo<{ by: string }>({ max: 4 })
    const controller = new AbortController()
    const first = shared.get('k', controller.signal, () => {
      return new Promise((_, reject) =>
        controller.signal.addEventListener('abort', () => reject(controller.signal.reason)),
      )
    })
    const second = shared.get('k', never, async () => ({ by: 'second' }))
    controller.abort()
    await expect(first).rejects.toThrow()
    expect(await second).toEqual({ by: 'second' })
  })

  it('ends the wait of a cancelled second request at once, and not the work (would catch an engine killed as deaf)', async () => {
    const shared = new AbortableMemo<object>({ max: 4 })
    let finish: (result: object) => void = () => undefined
    const first = shared.get('k', never, () => new Promise((resolve) => (finish = resolve)))
    const controller = new AbortController()
    const second = shared.get('k', controller.signal, () => Promise.reject(new Error('begun again')))
    controller.abort()
    await expect(second).rejects.toMatchObject({ name: 'AbortError' })
    const result = {}
    finish(result)
    expect(await first).toBe(result)
  })

  it('ends the wait of a request that was cancelled before it asked', async () => {
    const shared = new AbortableMemo<object>({ max: 4 })
    void shared.get('k', never, () => new Promise(() => undefined))
    const second = shared.get('k', AbortSignal.abort(), () => Promise.reject(new Error('begun again')))
    await expect(second).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('leaves nothing on the signal of a request that waited (would catch listeners that pile up in a long export)', async () => {
    const shared = new AbortableMemo<object>({ max: 4 })
    const { signal } = new AbortController()
    await shared.get('k', never, async () => ({}))
    await shared.get('k', signal, async () => ({}))
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})
