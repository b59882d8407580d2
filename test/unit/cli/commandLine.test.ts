import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { writeAtomicFile } from '#files/atomicFile'
import { toFailure } from '#shared/errors'
import { printFailure } from '../../../src/cli/terminal'
import { runCommand } from '../../fixtures/commandLine'

it.each([[[]], [['project']]])(
  'without a command, %j shows the help and exits as a usage error',
  async (args) => {
    const { code, stdout, stderr } = await runCommand(...args)
    expect(stderr).toContain('Usage: slerp-studio')
    expect(stdout).toBe('')
    expect(code).toBe(64)
  },
)

it.each([[['--help']], [['--version']], [['project', '--help']], [['help', 'project']]])(
  '%j is answered and exits with 0',
  async (args) => {
    const { code, stdout } = await runCommand(...args)
    expect(stdout).not.toBe('')
    expect(code).toBe(0)
  },
)

it('names --force where something exists already (would catch advice without an option)', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'command-line-')), 'a.npy')
  await writeAtomicFile(path, Buffer.from('a'), { overwrite: false })
  const refused: unknown = await writeAtomicFile(path, Buffer.from('b'), { overwrite: false }).catch(
    (error: unknown) => error,
  )
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  printFailure(toFailure(refused), false)
  expect(write.mock.calls.join('')).toContain(
    `"${path}": it exists already: add --force to replace it, or choose another name.`,
  )
  write.mockRestore()
})

it('decode explains what it takes, and its defaults', async () => {
  const help = (await runCommand('decode', '--help')).stdout.replace(/\s+/g, ' ')
  for (const ending of ['.safetensors', '.npy', '.npz', '.pt', '.pth']) expect(help).toContain(ending)
  expect(help).toMatch(
    /--end <timestep> [^-]*where encoding stops and decoding starts \(default: that of the latent, or else/,
  )
  expect(help).toMatch(/--output <path> .*?contact sheet \(default: the latent’s name/)
  const encode = (await runCommand('encode', '--help')).stdout.replace(/\s+/g, ' ')
  expect(encode).toContain(
    'where encoding stops and decoding starts (default: the last with sigma at most 160)',
  )
})
