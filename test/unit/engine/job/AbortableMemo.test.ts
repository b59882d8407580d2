import { describe, expect, it } from 'vitest'
import { AbortableMemo } from '#engine/job/AbortableMemo'

const never = new AbortController().signal

describe('SharedWork', () => {
  it('does the work once for two that want it at the same time', async () => {
    const shared = new AbortableMemo<{ value: number }>(4)
    let runs = 0
    const work = async () => ({ value: ++runs })
    const [first, second] = await Promise.all([shared.get('k', never, work), shared.get('k', never, work)])
    expect(first).toBe(second)
    expect(runs).toBe(1)
  })

  it('does not keep a failure: the next request tries again', async () => {
    const shared = new AbortableMemo<object>(4)
    await expect(shared.get('k', never, () => Promise.reject(new Error('disk')))).rejects.toThrow('disk')
    const result = {}
    expect(await shared.get('k', never, async () => result)).toBe(result)
  })

  it('begins anew for a second request when the first one is cancelled', async () => {
    const shared = new AbortableMemo<{ by: string }>(4)
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
})
