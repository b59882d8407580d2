import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { partialFolderOf } from '#files/partialFolder'
import { StudioError } from '#shared/errors'
import { callExport } from '../../../src/cli/export'
import { runCommand } from '../../fixtures/commandLine'

vi.mock('../../../src/cli/engineCall', () => ({
  withEngine: (_installation: unknown, command: (call: unknown) => unknown) =>
    command(() => {
      throw new StudioError('INTERNAL', 'No engine answers here.')
    }),
}))
afterEach(() => void vi.restoreAllMocks())

const folder = mkdtempSync(join(tmpdir(), 'kept-frames-'))

it.each([
  ['CANCELLED', true],
  ['ENGINE_CRASHED', true],
  ['EXISTS', false],
  ['UNWRITABLE', false],
] as const)(
  'after %s, an export with finished frames advises the same command again: %s (would catch advice that fails again)',
  async (code, advises) => {
    const path = join(folder, `${code}.gif`)
    mkdirSync(partialFolderOf(path))
    let stderr = ''
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((stderr += String(text))))
    const refuse = () => Promise.reject(new StudioError(code, 'It cannot be.'))
    const request = { target: { path } } as Parameters<typeof callExport>[1]
    await expect(callExport(refuse, request)).rejects.toMatchObject({ code })
    expect(stderr).toContain('Finished frames are kept')
    expect(stderr.includes('run the same command again')).toBe(advises)
  },
)

it('refuses a project that cannot be written before it asks for anything (would catch one that is found after encoding)', async () => {
  const path = join(folder, `${'a'.repeat(300)}.slerp`)
  const { stderr } = await runCommand('project', 'new', path, 'seed:1', 'seed:2')
  expect(stderr).toContain('too long a name')
})
