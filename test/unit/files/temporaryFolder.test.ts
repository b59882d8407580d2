import { expect, it, vi } from 'vitest'
import { makeTemporaryFolder } from '../../../src/files/temporaryFolder'

it('names the temporary folder and the way out, and no name that the user never chose', () => {
  vi.stubEnv('TMPDIR', '/nowhere/at/all')
  const sentence =
    'Cannot make a folder in the temporary folder "/nowhere/at/all" (ENOENT): set TMPDIR to a folder that you can write to.'
  expect(() => makeTemporaryFolder('slerp-studio-compare-')).toThrow(sentence)
  vi.unstubAllEnvs()
})
