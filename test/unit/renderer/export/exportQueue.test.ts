import { describe, expect, it } from 'vitest'
import type { Failure } from '#shared/errors'
import type { ExportRequest } from '../../../../src/renderer/export/exportRequest'
import {
  changeExport,
  isWrittenByOther,
  moveExport,
  restoreExport,
  sharesPlace,
  waitingExport,
  type ExportJob,
} from '../../../../src/renderer/export/exportQueue'

const request = (path: string) => ({ path }) as ExportRequest
const job = (id: string, state: ExportJob['state'], path = `/out/${id}`): ExportJob => ({
  ...waitingExport(id, request(path)),
  state,
})
const idsOf = (jobs: readonly ExportJob[]) => jobs.map(({ id }) => id).join('')

describe('a waiting export', () => {
  const jobs = [job('a', 'running'), job('b', 'waiting'), job('c', 'done'), job('d', 'waiting')]

  it('moves among the waiting ones, past others that keep their places', () => {
    expect(idsOf(moveExport(jobs, 'd', -1))).toBe('adcb')
    expect(idsOf(moveExport(jobs, 'b', 1))).toBe('adcb')
  })

  it('stays where it is at the ends of the queue, as do exports that do not wait', () => {
    expect(idsOf(moveExport(jobs, 'b', -1))).toBe('abcd')
    expect(idsOf(moveExport(jobs, 'd', 1))).toBe('abcd')
    expect(idsOf(moveExport(jobs, 'a', 1))).toBe('abcd')
    expect(idsOf(moveExport(jobs, 'c', -1))).toBe('abcd')
  })
})

it('a change leaves all other exports alone', () => {
  const jobs = [job('a', 'running'), job('b', 'waiting')]
  const changed = changeExport(jobs, 'b', { state: 'cancelled' })
  expect(changed[0]).toBe(jobs[0])
  expect(changed[1]).toEqual({ ...jobs[1], state: 'cancelled' })
})

it('a queued export starts from nothing, whatever became of it before', () => {
  const before = { ...job('a', 'failed'), share: 0.7, bytes: 5, failure: { code: 'UNWRITABLE', message: '' } }
  expect({ ...before, ...waitingExport('a', request('/b')) }).toMatchObject({
    state: 'waiting',
    share: 0,
    bytes: null,
    failure: null,
    request: { path: '/b' },
  })
})

it('a failed export returns to the end of the list, once', () => {
  const failure: Failure = { code: 'UNWRITABLE', message: 'full' }
  const restored = restoreExport([job('a', 'done')], 'b', request('/out/b'), failure)
  expect(restored[1]).toMatchObject({ id: 'b', state: 'failed', failure, request: { path: '/out/b' } })
  expect(restoreExport(restored, 'b', request('/out/b'), failure)).toEqual(restored)
})

it.each<[ExportJob['state'], boolean]>([
  ['waiting', true],
  ['running', true],
  ['asking', true],
  ['failed', true],
  ['done', false],
  ['cancelled', false],
])('another export to the same path that is %s still writes there: %s', (state, expected) => {
  const jobs = [job('a', 'failed', '/out/film'), job('b', state, '/out/film'), job('c', 'running')]
  expect(isWrittenByOther(jobs, 'a', '/out/film')).toBe(expected)
})

it.each<[ExportJob['state'], boolean]>([
  ['waiting', true],
  ['running', true],
  ['asking', true],
  ['failed', false],
  ['done', false],
  ['cancelled', false],
])('an export that is %s will write its file without being asked for again: %s', (state, expected) => {
  const jobs = [job('a', 'waiting', '/out/film'), job('b', state, '/out/film'), job('c', 'running')]
  expect(sharesPlace(jobs, jobs[0])).toBe(expected)
})

it('an export is no other one than itself', () => {
  expect(isWrittenByOther([job('a', 'running')], 'a', '/out/a')).toBe(false)
})
