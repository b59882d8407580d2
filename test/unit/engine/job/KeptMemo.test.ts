import { expect, it } from 'vitest'
import { KeptMemo } from '#engine/job/KeptMemo'
import { AbortableMemo } from '#engine/memo/AbortableMemo'

it('finds in memory only what is done, and never waits for work in progress', async () => {
  const memo = new KeptMemo<{ byte: number }>('kind', new AbortableMemo({ max: 4 }), ({ byte }) =>
    Uint8Array.of(byte),
  )
  const key = { name: 'name', by: 'model', project: null }
  let finish: (result: { byte: number }) => void = () => undefined
  const work = memo.get(key, new AbortController().signal, {
    work: () => new Promise((resolve) => (finish = resolve)),
    decode: () => ({ byte: 0 }),
  })
  // The work begins after a look on the disk.
  await new Promise((resolve) => setImmediate(resolve))
  expect([memo.find(key), memo.inMemory(key)]).toEqual([undefined, null])
  finish({ byte: 7 })
  expect(await work).toEqual({ byte: 7 })
  expect([memo.find(key), memo.inMemory(key)]).toEqual([{ byte: 7 }, Uint8Array.of(7)])
})
