import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { runCommand } from '../../fixtures/commandLine'

/** What commands asked of the engine, which is not started: the first request of a command ends it. */
const asked = vi.hoisted((): { route: string; input: Record<string, unknown> }[] => [])
vi.mock('../../../src/cli/engineCall', () => ({
  withEngine: (_installation: unknown, command: (call: unknown) => unknown) =>
    command((route: string, input: Record<string, unknown>) => {
      asked.push({ route, input })
      throw new RangeError('No engine answers here.')
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
