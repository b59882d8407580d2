import { describe, expect, it } from 'vitest'
import type { DocumentItem } from '#shared/documentLatents'
import type { EncodeReport } from '#shared/reports'
import type { EncodeJob } from '../../../../src/renderer/pictures/encodeQueue'
import {
  describePictureState,
  encodedShare,
  pictureStateOf,
} from '../../../../src/renderer/pictures/pictureState'

const report = { fidelity: { psnr: 40, mse: 1e-4, ssim: 0.99 } } as EncodeReport
const failure = { code: 'BAD_PICTURE', message: 'The file ends too early.' } as const
const job = (state: EncodeJob['state']): EncodeJob => ({
  itemId: 'a',
  key: 'k',
  state,
  progress: { phase: 'encode', done: 5, total: 10, etaSeconds: null },
})

describe('the state of a picture', () => {
  it('is encoded as soon as there is a report, whatever else is known', () => {
    expect(pictureStateOf(report, job('queued'), failure).kind).toBe('encoded')
  })

  it('follows the queue rather than an earlier failure (would catch "failed" during a retry)', () => {
    expect(pictureStateOf(null, job('running'), failure).kind).toBe('encoding')
    expect(pictureStateOf(null, job('queued'), failure).kind).toBe('waiting')
  })

  const lost = { id: 'a', name: 'Apple' } as DocumentItem

  it.each([
    ['before it was tried', null, 'missing'],
    ['after it was not found', { code: 'NOT_FOUND', message: '' } as const, 'missing'],
    ['that is not why it failed', failure, 'failed'],
  ])('without its file is missing: %s', (_when, known, kind) => {
    expect(pictureStateOf(null, null, known, lost).kind).toBe(kind)
  })

  it('without its file is encoded if its latent was kept, and says what is missing otherwise', () => {
    expect(pictureStateOf(report, null, null, lost).kind).toBe('encoded')
    expect(describePictureState(pictureStateOf(null, null, null, lost))).toBe('Apple is missing')
  })

  it('is the state from before the job while the job is being stopped', () => {
    expect(pictureStateOf(null, job('stopping'), null).kind).toBe('notEncoded')
    expect(pictureStateOf(null, job('stopping'), failure)).toEqual({ kind: 'failed', failure })
  })

  it('has a completed share and a description', () => {
    const running = pictureStateOf(null, job('running'), null)
    expect(encodedShare(running)).toBe(0.5)
    expect(describePictureState(running)).toBe('Encoding · step 5 of 10')
    expect(encodedShare(pictureStateOf(report, null, null))).toBe(1)
    expect(describePictureState(pictureStateOf(report, null, null))).toMatch(/reconstructed at 40\.0 dB/)
    expect(describePictureState(pictureStateOf(null, null, failure))).toBe(failure.message)
  })
})
