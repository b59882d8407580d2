import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { StudioError } from '#shared/errors'
import { runCommand } from '../../fixtures/commandLine'

/** What commands asked of the engine, which is not started: the first request of a command ends it. */
const asked = vi.hoisted((): { route: string; input: Record<string, unknown> }[] => [])
vi.mock('../../../src/cli/engineCall', () => ({
  withEngine: (_installation: unknown, command: (call: unknown) => unknown) =>
    command((route: string, input: Record<string, unknown>) => {
      asked.push({ route, input })
      throw new StudioError('BAD_INPUT', 'No engine answers here.')
    }),
}))

/** Runs a command, and returns its only request. */
async function requestOf(...args: string[]) {
  asked.length = 0
  const { stderr } = await runCommand(...args)
  expect(stderr).toContain('No engine answers here.')
  expect(asked).toHaveLength(1)
  return asked[0]
}

const folder = mkdtempSync(join(tmpdir(), 'requests-'))

it('demo encodes its pictures on the class and the prompts that it is given (would catch options that do nothing)', async () => {
  const condition = ['--class', '2', '--prompt', 'a tomato', '--source-prompt', 'an apple']
  const { route, input } = await requestOf('demo', '-o', join(folder, 'demo'), ...condition)
  expect(route).toBe('animation.export')
  const own = { kind: 'picture', class: 2, prompt: 'a tomato', sourcePrompt: 'an apple' }
  expect(input).toMatchObject({ plan: { stops: [own, own] } })
})

it('sample into a folder passes --force on (would catch an option that does nothing)', async () => {
  const sample = ['sample', '--count', '2', '-o', join(folder, 'samples')]
  expect(await requestOf(...sample)).toMatchObject({ route: 'batch.run' })
  expect(asked[0].input).not.toHaveProperty('overwrite', true)
  expect(await requestOf(...sample, '--force')).toMatchObject({
    route: 'batch.run',
    input: { overwrite: true },
  })
})

it.each([
  ['sample', ['--count', '2']],
  ['morph', ['seed:1', 'seed:2']],
])('%s refuses --force for a shard, whose folder others share', async (command, args) => {
  asked.length = 0
  const output = join(folder, command)
  const { code, stderr } = await runCommand(command, ...args, '-o', output, '--shard', '0/2', '--force')
  expect(stderr).toMatch(/--force would remove what other shards have made: leave --force out/)
  expect([code, asked]).toEqual([64, []])
})

it('a single shard takes --force, as the refusal of its folder advises', async () => {
  const command = ['sample', '--count', '2', '-o', join(folder, 'samples'), '--shard', '0/1', '--force']
  expect(await requestOf(...command)).toMatchObject({
    route: 'batch.run',
    input: { overwrite: true, shard: { index: 0, count: 1 } },
  })
})

it('merge takes no --batch, because it decodes nothing', async () => {
  const { code, stderr } = await runCommand('merge', folder, '--batch', '4')
  expect(stderr).toContain("Unknown option '--batch'")
  expect(code).toBe(64)
  expect((await runCommand('morph', '--help')).stdout).toContain('--batch <count>')
})

it('lab takes the class and the prompts of its pictures and latents (would catch a model of texts that is only measured on empty ones)', async () => {
  const condition = ['--class', '1', '--prompt', 'a pear', '--source-prompt', 'noise']
  const { route, input } = await requestOf(
    'lab',
    'seed:1',
    'pear.png',
    '-o',
    join(folder, 'lab'),
    ...condition,
  )
  expect(route).toBe('lab.run')
  const own = { class: 1, prompt: 'a pear', sourcePrompt: 'noise' }
  expect(input).toMatchObject({
    study: {
      stops: [
        { kind: 'seed', ...own },
        { kind: 'picture', ...own },
      ],
    },
  })
})

it('lab offers no spacing of listed timesteps, of which it takes no list (would catch advice that nobody can follow)', async () => {
  asked.length = 0
  const { code, stderr } = await runCommand('lab', 'seed:1', '--timestep-spacings', 'linear,given')
  expect(stderr).toMatch(/Allowed choices are linear, .*karras/)
  expect(stderr).not.toMatch(/choices are .*given/)
  expect([code, asked]).toEqual([64, []])
})
