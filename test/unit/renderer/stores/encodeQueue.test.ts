import { describe, expect, it } from 'vitest'
import { changeJob, enqueueJobs, type EncodeJob } from '../../../../src/renderer/stores/encodeQueue'

const job = (pictureId: string, key: string, state: EncodeJob['state'] = 'queued'): EncodeJob => ({
  pictureId,
  key,
  state,
  progress: null,
})
const keys = (queue: EncodeJob[]) => queue.map(({ key }) => key)

describe('encodeQueue', () => {
  it('lets a picture wait only once: the newer settings count', () => {
    const queue = enqueueJobs([job('p', 'old')], [{ pictureId: 'p', key: 'new' }], false)
    expect(keys(queue)).toEqual(['new'])
  })

  it('does not start again what is running for the same content', () => {
    const running = [job('p', 'same', 'running')]
    expect(enqueueJobs(running, [{ pictureId: 'p', key: 'same' }], true)).toEqual(running)
  })

  it('puts urgent pictures before those that wait, and never before the one at work', () => {
    const queue = [job('p', 'p', 'running'), job('q', 'q')]
    expect(keys(enqueueJobs(queue, [{ pictureId: 'r', key: 'r' }], true))).toEqual(['p', 'r', 'q'])
    expect(keys(enqueueJobs(queue, [{ pictureId: 'r', key: 'r' }], false))).toEqual(['p', 'q', 'r'])
  })

  it('changes one job and leaves the others the same objects', () => {
    const queue = [job('p', 'p'), job('q', 'q')]
    const changed = changeJob(queue, 'p', { state: 'running' })
    expect(changed.map(({ state }) => state)).toEqual(['running', 'queued'])
    expect(changed[1]).toBe(queue[1])
  })
})
