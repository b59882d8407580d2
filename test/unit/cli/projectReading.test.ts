import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { emptyDocument, type StudioDocument } from '#shared/document'
import type { ProjectVerified } from '#shared/project'
import { runCommand } from '../../fixtures/commandLine'

/** The engine's part: what it answers by route, and what it was asked. */
const engine = vi.hoisted(() => ({
  answers: {} as Record<string, unknown>,
  asked: [] as { route: string; input: Record<string, unknown> }[],
}))
vi.mock('../../../src/cli/engineCall', () => ({
  withEngine: (_installation: unknown, command: (call: unknown) => unknown) =>
    command(async (route: string, input: Record<string, unknown>) => {
      engine.asked.push({ route, input })
      return engine.answers[route]
    }),
}))

const path = join(mkdtempSync(join(tmpdir(), 'projectReading-')), 'film.slerp')
const info = { id: 'plain', sha256: 'a'.repeat(64), path: '/models/plain' }
const reading = { prediction: 'v_prediction', timestepScale: 0.001 }

function answer(answers: Record<string, unknown>): void {
  engine.asked.length = 0
  engine.answers = { 'model.headers': { classes: null, takesPrompts: false }, 'model.info': info, ...answers }
}

const inputOf = (route: string) => engine.asked.find((one) => one.route === route)!.input

function openedWith(document: Partial<StudioDocument>) {
  const whole = { ...emptyDocument(), ...document }
  return { document: whole, path, missing: [], problems: [], newer: false, computes: [] }
}

const flags = ['--prediction', 'v_prediction', '--timestep-scale', '0.001']

it('project new stores how the model was read (would catch a film that opens with other frames)', async () => {
  answer({ 'project.write': { path, bytes: 1, leftOut: [] } })
  const { code, stderr } = await runCommand(
    'project',
    'new',
    path,
    'seed:1',
    'seed:2',
    '-m',
    info.path,
    ...flags,
  )
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(inputOf('project.write')).toMatchObject({ document: { model: { path: info.path, reading } } })
})

const verified = (verdicts: ProjectVerified['latents'][number]['verdict'][]): ProjectVerified => ({
  path,
  damaged: [],
  absent: 0,
  problems: [],
  latents: verdicts.map((verdict) => ({
    id: verdict,
    name: verdict,
    verdict,
    difference: verdict === 'identical' ? 0 : null,
    tolerance: verdict === 'identical' ? 0 : null,
    compute: null,
  })),
})

async function verify(report: ProjectVerified, ...args: string[]) {
  const { id: name, ...model } = info
  answer({
    'project.read': openedWith({ model: { name, ...model, reading } as StudioDocument['model'] }),
    'project.verify': report,
  })
  return (await runCommand('project', 'verify', path, ...args)).stdout
}

it('project verify reads the model as the project does, apart from what flags say', async () => {
  await verify(verified(['identical']))
  expect(inputOf('project.verify')).toMatchObject({ model: { path: info.path, ...reading } })
  await verify(verified(['identical']), '--prediction', 'epsilon')
  expect(inputOf('project.verify')).toMatchObject({ model: { ...reading, prediction: 'epsilon' } })
})

it('project verify finds no differences only where it compared a latent', async () => {
  const nothing = /no latent was compared/
  expect(await verify(verified(['notKept', 'pictureMissing']))).toMatch(nothing)
  const compared = await verify(verified(['identical', 'notKept']))
  expect(compared).toMatch(/No differences found/)
  expect(compared).not.toMatch(nothing)
})
