import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { runCommandLine } from '../../../src/cli/commandLine'

const app = vi.hoisted(() => ({
  exit: vi.fn(),
  setPath: vi.fn(),
  disableHardwareAcceleration: vi.fn(),
  on: vi.fn(),
  whenReady: vi.fn(() => Promise.resolve()),
}))
vi.mock('node:fs', async (original) => {
  const files = await original<{ rmSync: typeof rmSync }>()
  return { ...files, rmSync: vi.fn(files.rmSync) }
})
vi.mock('electron', () => ({ app, utilityProcess: {} }))
vi.mock('../../../src/cli/commandLine', () => ({ runCommandLine: vi.fn() }))

const { runCommand } = await import('../../../src/main/commandLine')
const temporary = mkdtempSync(join(tmpdir(), 'command-'))
const printed = { stdout: '', stderr: '' }

beforeEach(() => {
  vi.clearAllMocks()
  vi.stubEnv('TMPDIR', temporary)
  for (const name of ['stdout', 'stderr'] as const) {
    printed[name] = ''
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      printed[name] += String(text)
      return true
    })
  }
})

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

it('exits with the command’s code, and leaves no profile behind', async () => {
  vi.mocked(runCommandLine).mockImplementation(() => {
    expect(readdirSync(temporary)).toHaveLength(1)
    return Promise.resolve(66)
  })
  await runCommand(['info', 'nothing'])
  expect(app.exit.mock.calls).toEqual([[66]])
  expect(readdirSync(temporary)).toEqual([])
})

it('ends with one sentence if the temporary folder is gone (would catch a command that never ends)', async () => {
  const gone = join(temporary, 'gone')
  vi.stubEnv('TMPDIR', gone)
  await runCommand(['info', '--json'])
  // EX_CANTCREAT of sysexits.h.
  expect(app.exit.mock.calls).toEqual([[73]])
  expect(runCommandLine).not.toHaveBeenCalled()
  expect(printed.stderr).toBe(
    `slerp-studio: Cannot make a folder in the temporary folder "${gone}" (ENOENT): set TMPDIR to a folder that you can write to.\n`,
  )
  expect(JSON.parse(printed.stdout)).toMatchObject({ ok: false, error: { code: 'UNWRITABLE' } })
})

it('exits even if the command or Electron fails in an unforeseen way', async () => {
  app.whenReady.mockRejectedValueOnce(new Error('no Electron today'))
  await runCommand(['info'])
  // EX_SOFTWARE of sysexits.h.
  expect(app.exit.mock.calls).toEqual([[70]])
  expect(printed.stderr).toContain('slerp-studio: no Electron today')
})

it('exits with the command’s code even if its profile cannot be removed', async () => {
  vi.mocked(runCommandLine).mockResolvedValue(0)
  vi.mocked(rmSync).mockImplementationOnce(() => {
    throw new Error('EBUSY')
  })
  await runCommand(['info'])
  expect(app.exit.mock.calls).toEqual([[0]])
})
