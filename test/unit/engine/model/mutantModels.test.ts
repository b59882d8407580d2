import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { engineRoutes } from '#shared/contract'
import { toFailure } from '#shared/errors'
import { createEngineHandlers } from '#engine/handlers'
import { quietContext } from '../../../fixtures/job'
import { type ModelMutant, modelMutants } from '../../../fixtures/modelMutants'
import { hostilePickles, torchMutants } from '../../../fixtures/torchMutants'

const root = mkdtempSync(join(tmpdir(), 'slerp-mutants-'))
const canary = join(root, 'ran')
afterAll(() => rmSync(root, { recursive: true }))

const handlers = createEngineHandlers()
let tried = 0

/** Opens and evaluates a damaged model as `info` does; null if it runs. */
async function failureOf(mutant: ModelMutant) {
  const folder = join(root, String(tried++))
  mkdirSync(folder)
  const request = engineRoutes['model.check'].input.parse({
    model: { path: mutant.write(folder), threads: 1 },
  })
  return handlers['model.check'](request, quietContext).then(
    () => null,
    (thrown: unknown) => toFailure(thrown),
  )
}

/** `npm run bench modelMutants torchMutants` tries thousands. */
describe('damaged models', () => {
  it('run, or are rejected with a sentence about the model (would catch INTERNAL and raw messages of the runtime)', async () => {
    const mutants = modelMutants(2026)
    for (let i = 0; i < 64; i++) {
      const mutant = mutants.next().value
      const failure = await failureOf(mutant)
      if (failure === null) continue
      expect(failure.message, mutant.kind).toMatch(/^[^\n]+\.$/)
      expect(['BAD_MODEL', 'UNSUPPORTED', 'NOT_FINITE', 'NOT_FOUND'], failure.message).toContain(failure.code)
    }
  }, 120_000)

  it('in PyTorch format run or are rejected, and execute no code from the file', async () => {
    const mutants = await torchMutants(2026, `touch ${canary}`)
    for (let i = 0; i < 48; i++) {
      const mutant = await mutants.next().value
      const failure = await failureOf(mutant)
      if (failure === null) continue
      expect(['BAD_MODEL', 'UNSUPPORTED', 'NOT_FINITE'], `${mutant.kind}: ${failure.message}`).toContain(
        failure.code,
      )
    }
    expect(existsSync(canary)).toBe(false)
  }, 120_000)
})

it('there are at least 100 distinct hostile pickles to try (would catch a list that shrinks unnoticed)', () => {
  expect(new Set(hostilePickles('x').map((bytes) => bytes.toString('hex'))).size).toBeGreaterThanOrEqual(100)
})
