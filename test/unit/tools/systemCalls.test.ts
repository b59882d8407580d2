import { expect, it, vi } from 'vitest'
import { mayWatch } from '../../fixtures/systemCalls'

it.each([
  ['run where strace is there', true, true, true],
  ['are skipped, with a notice, where it is not', false, false, false],
])('the tests that watch system calls %s', (_, isThere, isRequired, runs) => {
  const notice = vi.spyOn(console, 'error').mockReturnValue()
  expect(mayWatch('What is sent is', isThere, isRequired)).toBe(runs)
  expect(notice).toHaveBeenCalledTimes(runs ? 0 : 1)
  notice.mockRestore()
})

it('they fail where they are required and cannot run (would catch a green run that watched nothing)', () => {
  expect(() => mayWatch('What is sent is', false, true)).toThrow(/What is sent is NOT tested: strace/)
})
