import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { emptyFolder } from '../../fixtures/exportTarget'

interface Step {
  readonly name?: string
  readonly run?: string
  readonly shell?: string
  readonly env?: Readonly<Record<string, string>>
}
const workflow = parse(readFileSync('.github/workflows/release.yml', 'utf8')) as {
  jobs: { package: { steps: Step[] } }
}
const installers = workflow.jobs.package.steps.find(({ name }) => name === 'installers')!
const secrets = Object.keys(installers.env!)

/** Runs the step as GitHub does, and returns what npm is called with, and the secrets in its environment. */
function runStep(values: Readonly<Record<string, string>>): string[] {
  const folder = emptyFolder()
  const npm = join(folder, 'npm')
  writeFileSync(npm, '#!/bin/sh\necho "npm $*"\nenv\n')
  chmodSync(npm, 0o755)
  const options = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', installers.run!]
  const env = { PATH: `${folder}:${process.env.PATH}`, ...values }
  const { stdout, status } = spawnSync('bash', options, { env, encoding: 'utf8' })
  expect(status).toBe(0)
  const [call, ...variables] = stdout.trim().split('\n')
  return [call, ...variables.filter((line) => secrets.some((name) => line.startsWith(`${name}=`))).sort()]
}

it('builds unsigned installers without secrets (would catch an empty CSC_LINK, which electron-builder takes for a path)', () => {
  expect(installers.shell).toBe('bash')
  // GitHub sets a secret that does not exist to an empty text.
  expect(runStep(Object.fromEntries(secrets.map((name) => [name, ''])))).toEqual([
    'npm run package -- --installers',
  ])
})

it('signs with the secrets that are set', () => {
  const set = { CSC_LINK: 'aGk=', CSC_KEY_PASSWORD: 'x y' }
  const others = Object.fromEntries(secrets.map((name) => [name, '']))
  expect(runStep({ ...others, ...set })).toEqual([
    'npm run package -- --installers',
    'CSC_KEY_PASSWORD=x y',
    'CSC_LINK=aGk=',
  ])
})
