import { describe, expect, it } from 'vitest'
import { type Priority, Turns } from '#engine/model/network/Turns'

/** A task that ends when told to. */
function held(): { task: () => Promise<void>; end: () => void } {
  let end = (): void => undefined
  const ended = new Promise<void>((resolve) => (end = resolve))
  return { task: () => ended, end }
}

describe('turns', () => {
  it('go to interactive requests first, then encodes, then exports (would catch reversed priorities)', async () => {
    const turns = new Turns()
    const order: string[] = []
    const ask = (name: string, priority: Priority) =>
      turns.take(async () => void order.push(name), { priority })
    const first = held()
    const all = [turns.take(first.task, { priority: 'export' })]
    all.push(ask('export', 'export'), ask('encode', 'encode'), ask('frame', 'interactive'))
    all.push(ask('second frame', 'interactive'))
    first.end()
    await Promise.all(all)
    expect(order).toEqual(['frame', 'second frame', 'encode', 'export'])
  })

  it('run one at a time', async () => {
    const turns = new Turns()
    const tasks = Array.from({ length: 4 }, held)
    let begun = 0
    const all = tasks.map(({ task }) => turns.take(() => (begun++, task()), { priority: 'encode' }))
    await Promise.resolve()
    expect(begun).toBe(1)
    for (const { end } of tasks) end()
    await Promise.all(all)
    expect(begun).toBe(4)
  })

  it('reject a cancelled waiting request at once, even while another task runs', async () => {
    const turns = new Turns()
    const running = held()
    const first = turns.take(running.task, { priority: 'encode' })
    const cancel = new AbortController()
    const waiting = turns.take(async () => undefined, { priority: 'encode', signal: cancel.signal })
    cancel.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    running.end()
    await first
  })

  it('end with their task, even if the request is cancelled (would catch a session closed while it runs)', async () => {
    const turns = new Turns()
    const running = held()
    const cancel = new AbortController()
    const first = turns.take(running.task, { priority: 'encode', signal: cancel.signal })
    let next = false
    const second = turns.take(async () => void (next = true), { priority: 'encode' })
    await Promise.resolve()
    cancel.abort()
    await new Promise((resolve) => setTimeout(resolve))
    expect(next).toBe(false)
    running.end()
    await Promise.all([first, second])
    expect(next).toBe(true)
  })

  it('are given away while a task waits, and taken again one at a time (would catch a pause that stops everybody)', async () => {
    const turns = new Turns()
    const order: string[] = []
    const [answer, other] = [held(), held()]
    const paused = turns.take(
      async (pause) => {
        order.push('asked')
        await pause(answer.task())
        order.push('asked again')
      },
      { priority: 'encode' },
    )
    const beside = turns.take(async () => (order.push('other'), other.task()), { priority: 'export' })
    await expect.poll(() => order).toEqual(['asked', 'other'])
    answer.end()
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(order).toEqual(['asked', 'other'])
    other.end()
    await Promise.all([paused, beside])
    expect(order).toEqual(['asked', 'other', 'asked again'])
  })

  it.each<[when: string, isQueued: boolean]>([
    ['during a pause', false],
    ['while it waits for its turn again', true],
  ])('reject a task that is cancelled %s, and go on with others', async (_, isQueued) => {
    const turns = new Turns()
    const cancel = new AbortController()
    const [answer, other] = [held(), held()]
    const until = new Promise<void>((_resolve, reject) =>
      cancel.signal.addEventListener('abort', () => reject(cancel.signal.reason as Error)),
    )
    const wait = isQueued ? answer.task() : Promise.race([answer.task(), until])
    const paused = turns.take((pause) => pause(wait), { priority: 'encode', signal: cancel.signal })
    until.catch(() => undefined)
    const beside = turns.take(other.task, { priority: 'encode' })
    if (isQueued) answer.end()
    await new Promise((resolve) => setTimeout(resolve, 5))
    cancel.abort(new Error('enough'))
    await expect(paused).rejects.toThrow('enough')
    other.end()
    await beside
    await turns.take(async () => undefined, { priority: 'encode' })
  })

  it('leave time for file operations (would catch a save that waits for an evaluation at every step)', async () => {
    const turns = new Turns()
    let evaluations = 0
    let isOver = false
    const evaluating = (async () => {
      while (!isOver) {
        await turns.giveWay({ priority: 'interactive' })
        await turns.take(
          async () => {
            evaluations++
          },
          { priority: 'interactive' },
        )
      }
    })()
    const waits = 60
    const work = async () => {
      const before = evaluations
      for (let i = 0; i < waits; i++) await new Promise((resolve) => setImmediate(resolve))
      return evaluations - before
    }
    const without = await work()
    const during = await turns.giveWayTo(work)
    isOver = true
    await evaluating
    expect(without).toBeGreaterThan(waits / 2)
    expect(during).toBeLessThan(without / 4)
  })
  it('let only urgent requests start during a hold (would catch a draft that waits for an export)', async () => {
    const turns = new Turns()
    const begun: string[] = []
    const ask = async (priority: Priority) => {
      await turns.giveWay({ priority })
      begun.push(priority)
    }
    turns.hold()
    const others = [ask('interactive'), ask('encode'), ask('export')]
    await new Promise((resolve) => setTimeout(resolve, 30))
    await ask('urgent')
    expect(begun).toEqual(['urgent'])
    await Promise.all(others)
    expect(begun).toHaveLength(4)
  })

  it('end a hold at once for a cancelled request', async () => {
    const turns = new Turns()
    const cancel = new AbortController()
    turns.hold()
    const over: string[] = []
    const cancelled = turns
      .giveWay({ priority: 'export', signal: cancel.signal })
      .then(() => over.push('cancelled'))
    const other = turns.giveWay({ priority: 'export' }).then(() => over.push('other'))
    cancel.abort()
    await cancelled
    expect(over).toEqual(['cancelled'])
    await other
  })
})
