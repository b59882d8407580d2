import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, renameSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { newFolder, startCli, tinyModel } from '../fixtures/cli'
import { engineOf } from '../fixtures/engineOf'

const entry = resolve('out/main/cli.js')
const apple = resolve('resources/samples/apple-red-yellow.webp')

/** Runs a shell command line in which `$cli` is the program. */
function shell(line: string, cwd = process.cwd()) {
  const env = { ...process.env, cli: `${process.execPath} ${entry}`, model: tinyModel, apple }
  return spawnSync('bash', ['-o', 'pipefail', '-c', line], { cwd, env, encoding: 'utf8' })
}

describe.skipIf(process.platform === 'win32')('a command in a shell', () => {
  it.each(['info $model', 'info $model --json', 'encode --help'])(
    'prints no error when nobody reads its output: %s | true',
    (command) => {
      const { status, stderr } = shell(`$cli ${command} | true`)
      expect(stderr).toBe('')
      // 141 as for any program that writes into a closed pipe; 0 if help is printed before its reader ends.
      expect([0, 141]).toContain(status)
    },
  )

  it.skipIf(!existsSync('/dev/full'))('reports that its output cannot be written to a full disk', () => {
    const { status, stderr } = shell('$cli info $model > /dev/full')
    expect(stderr).toMatch(
      /^slerp-studio: Cannot write "standard output": it lies on a disk that is full[^\n]*\n$/,
    )
    expect(status).toBe(73)
  })

  it.skipIf(process.platform !== 'linux')('says why it cannot open a file whose name is not UTF-8', () => {
    const folder = newFolder()
    copyFileSync(apple, join(folder, 'plain.webp'))
    renameSync(join(folder, 'plain.webp'), Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9])]))
    const { status, stderr } = shell('$cli encode $(printf "caf\\351") -m $model --steps 2', folder)
    expect(stderr).toMatch(
      /^slerp-studio: Cannot read "caf\uFFFD": it has a name that is not written in UTF-8[^\n]*\n$/,
    )
    expect(status).toBe(66)
  })

  it('reports that SIGTERM ended it, and exits with the shells’ code for SIGTERM', async () => {
    const running = startCli(
      ['encode', apple, '-m', tinyModel, '--steps', '999', '--threads', '1'],
      newFolder(),
    )
    await expect.poll(() => engineOf(running.process.pid!), { timeout: 60_000 }).toBeTruthy()
    running.process.kill('SIGTERM')
    const { code, stderr } = await running.result
    expect(stderr).toContain('SIGTERM: stopping after this step')
    expect(stderr).toContain('slerp-studio: Cancelled by SIGTERM.')
    expect(code).toBe(143)
  })
})
