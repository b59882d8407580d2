import { describe, expect, it } from 'vitest'
import {
  changeJobAtWork,
  enqueueJobs,
  jobAtWork,
  type EncodeJob,
} from '../../../../src/renderer/pictures/encodeQueue'

const job = (itemId: string, key: string, state: EncodeJob['state'] = 'queued'): EncodeJob => ({
  itemId,
  key,
  state,
  progress: null,
})
const keys = (queue: EncodeJob[]) => queue.map(({ key }) => key)

describe('encodeQueue', () => {
  it('queues a picture only once, with the newer settings', () => {
    const queue = enqueueJobs([job('p', 'old')], [{ itemId: 'p', key: 'new' }], false)
    expect(keys(queue)).toEqual(['new'])
  })

  it('queues a picture at several stops only once (would catch a queue as long as the film)', () => {
    const wanted = ['p', 'q', 'p'].map((itemId) => ({ itemId, key: itemId }))
    expect(keys(enqueueJobs([], wanted, true))).toEqual(['p', 'q'])
  })

  it('does not queue a picture again while the same content is being encoded', () => {
    const running = [job('p', 'same', 'running')]
    expect(enqueueJobs(running, [{ itemId: 'p', key: 'same' }], true)).toEqual(running)
  })

  it('puts urgent pictures before waiting pictures, but never before the running one', () => {
    const queue = [job('p', 'p', 'running'), job('q', 'q')]
    expect(keys(enqueueJobs(queue, [{ itemId: 'r', key: 'r' }], true))).toEqual(['p', 'r', 'q'])
    expect(keys(enqueueJobs(queue, [{ itemId: 'r', key: 'r' }], false))).toEqual(['p', 'q', 'r'])
  })

  it('queues a picture again while its cancelled job is still stopping (would catch a lost request)', () => {
    const stopping = [job('p', 'same', 'stopping')]
    const queue = enqueueJobs(stopping, [{ itemId: 'p', key: 'same' }], true)
    expect(queue.map(({ state }) => state)).toEqual(['stopping', 'queued'])
  })

  it('changes only the running job and keeps the other job objects, even with equal content', () => {
    const queue = [job('p', 'p', 'running'), job('p', 'p')]
    const changed = changeJobAtWork(queue, { state: 'stopping' })
    expect(changed.map(({ state }) => state)).toEqual(['stopping', 'queued'])
    expect(changed[1]).toBe(queue[1])
    expect(jobAtWork(changed)).toBe(changed[0])
  })
})
