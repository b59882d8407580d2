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
  it('lets a picture wait only once: the newer settings count', () => {
    const queue = enqueueJobs([job('p', 'old')], [{ itemId: 'p', key: 'new' }], false)
    expect(keys(queue)).toEqual(['new'])
  })

  it('encodes a picture that stands at several stops once (would catch a queue as long as the film)', () => {
    const wanted = ['p', 'q', 'p'].map((itemId) => ({ itemId, key: itemId }))
    expect(keys(enqueueJobs([], wanted, true))).toEqual(['p', 'q'])
  })

  it('does not start again what is running for the same content', () => {
    const running = [job('p', 'same', 'running')]
    expect(enqueueJobs(running, [{ itemId: 'p', key: 'same' }], true)).toEqual(running)
  })

  it('puts urgent pictures before those that wait, and never before the one at work', () => {
    const queue = [job('p', 'p', 'running'), job('q', 'q')]
    expect(keys(enqueueJobs(queue, [{ itemId: 'r', key: 'r' }], true))).toEqual(['p', 'r', 'q'])
    expect(keys(enqueueJobs(queue, [{ itemId: 'r', key: 'r' }], false))).toEqual(['p', 'q', 'r'])
  })

  it('takes up again what was called off and has not ended yet (would catch a lost wanted)', () => {
    const stopping = [job('p', 'same', 'stopping')]
    const queue = enqueueJobs(stopping, [{ itemId: 'p', key: 'same' }], true)
    expect(queue.map(({ state }) => state)).toEqual(['stopping', 'queued'])
  })

  it('changes the job at work and leaves the others the same objects, of equal content too', () => {
    const queue = [job('p', 'p', 'running'), job('p', 'p')]
    const changed = changeJobAtWork(queue, { state: 'stopping' })
    expect(changed.map(({ state }) => state)).toEqual(['stopping', 'queued'])
    expect(changed[1]).toBe(queue[1])
    expect(jobAtWork(changed)).toBe(changed[0])
  })
})
