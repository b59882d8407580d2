import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { emptyDocument, type DocumentModel } from '#shared/document'
import { StudioError } from '#shared/errors'
import { modelSource } from '#shared/modelSource'
import type { EngineCall } from '../../../src/cli/engineCall'
import { nodeEnvironment } from '../../../src/cli/installation'
import { findModelFor, modelFor, modelToRender } from '../../../src/cli/projectModel'

const installation = nodeEnvironment()
const wanted = { name: 'ddpm-cat', sha256: 'a'.repeat(64), path: '/models/ddpm-cat' }
const snapshot = '/cache/models--google--ddpm-cat/snapshots/1'

/** Answers as an engine on a computer with these models does: their paths, hashes and ids. */
function computerWith(...models: { path: string; sha256: string; id?: string }[]): EngineCall {
  return async (route, input) => {
    if (route === 'model.list')
      return { rows: models.map(({ id = 'other', path }) => ({ id, path })) } as never
    const { path } = (input as { model: { path: string } }).model
    const found = models.find((model) => model.path === path)
    if (found) return { ...found, id: found.id ?? 'other' } as never
    throw new StudioError('NOT_FOUND', `There is nothing at "${path}".`)
  }
}

const projectWith = (model: DocumentModel | null) => ({
  path: 'film.slerp',
  document: { ...emptyDocument(), model },
})
const openWith = (call: EngineCall, named?: string) =>
  modelFor(call, installation, projectWith(wanted), named)

it('opens the model of a project where it was', async () => {
  const call = computerWith({ path: wanted.path, sha256: wanted.sha256 })
  expect(await openWith(call)).toMatchObject({ path: wanted.path })
})

it('finds a downloaded model by its name when its folder has moved (would catch a fallback to the default model)', async () => {
  const call = computerWith({ path: snapshot, sha256: wanted.sha256, id: 'google/ddpm-cat' })
  expect(await openWith(call)).toMatchObject({ path: snapshot })
})

it.each([
  ['nothing is', computerWith()],
  ['another model is', computerWith({ path: wanted.path, sha256: 'b'.repeat(64) })],
  ['only a namesake is', computerWith({ path: snapshot, sha256: 'b'.repeat(64), id: 'google/ddpm-cat' })],
])('refuses a project where %s in the place of its model', async (_what, call) => {
  await expect(openWith(call)).rejects.toMatchObject({
    code: 'MODEL_MISMATCH',
    message: expect.stringMatching(
      /film\.slerp.*"ddpm-cat" \(aaaaaaaa\).*\/models\/ddpm-cat.*--model/,
    ) as string,
  })
  // A copy of the project is possible without it.
  expect(await findModelFor(call, installation, projectWith(wanted))).toBeNull()
})

it('takes the place that is named on the command line only if the model there is that of the project', async () => {
  const moved = resolve('test/moved')
  expect(await openWith(computerWith({ path: moved, sha256: wanted.sha256 }), moved)).toMatchObject({
    path: moved,
  })
  const other = computerWith({ path: moved, sha256: 'b'.repeat(64) })
  await expect(openWith(other, moved)).rejects.toMatchObject({ code: 'MODEL_MISMATCH' })
})

describe('the way a project reads its model', () => {
  const reading = { prediction: 'v_prediction', timestepScale: 0.001 } as const
  const project = projectWith({ ...wanted, reading })
  const moved = resolve('test/moved')
  const call = computerWith(
    { path: wanted.path, sha256: wanted.sha256 },
    { path: moved, sha256: wanted.sha256 },
    { path: '/other', sha256: 'b'.repeat(64) },
  )

  it.each([undefined, moved])('is that of the model found or named (%s)', async (named) => {
    expect(await modelFor(call, installation, project, named)).toMatchObject(reading)
  })

  it.each([
    ['of the project’s model', { path: '/default' }, false, { path: wanted.path, ...reading }],
    ['of the same model elsewhere', { path: moved }, true, { path: moved, ...reading }],
    ['not of another model', { path: '/other' }, true, { path: '/other' }],
    [
      'unless a flag says otherwise',
      { path: '/default', prediction: 'epsilon' as const },
      false,
      { path: wanted.path, prediction: 'epsilon', timestepScale: 0.001 },
    ],
  ])('is how its film is rendered: %s', async (_what, flags, namesModel, expected) => {
    const asked = modelSource.parse(flags)
    const rendered = await modelToRender(call, installation, project, { asked, namesModel })
    const { path, prediction, timestepScale } = rendered
    expect({ path, prediction, timestepScale }).toEqual(expected)
  })
})

it('opens the default model for a project that names none', async () => {
  const source = await modelFor(computerWith(), installation, projectWith(null))
  expect(source.path).toBe(join(installation.resources, 'models', 'fruits-96'))
})

it('passes on a cancellation (would catch Ctrl-C reported as a missing model)', async () => {
  const cancelled: EngineCall = () => Promise.reject(new StudioError('CANCELLED', 'Cancelled.'))
  await expect(openWith(cancelled)).rejects.toMatchObject({ code: 'CANCELLED' })
})
