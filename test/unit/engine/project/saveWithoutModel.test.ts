import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { createEngineHandlers } from '#engine/handlers'
import { OpenModels } from '#engine/model/denoiser/OpenModels'
import { engineRoutes } from '#shared/contract'
import { StudioError, type ErrorCode } from '#shared/errors'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { quietContext } from '../../../fixtures/job'
import { filmOf, model, samplePath } from '../../../fixtures/projects'

afterEach(() => vi.restoreAllMocks())

/** Saves a project whose model does not open because of `error`. */
function save(error: Error) {
  vi.spyOn(OpenModels.prototype, 'open').mockRejectedValue(error)
  const path = join(emptyFolder(), 'film.slerp')
  const document = filmOf([samplePath('apple-golden')])
  const notices: string[] = []
  const context = { ...quietContext, notice: (sentence: string) => void notices.push(sentence) }
  const saving = createEngineHandlers()['project.write'](
    engineRoutes['project.write'].input.parse({ document, model, path }),
    context,
  )
  return { path, notices, saving }
}

const failure = (code: ErrorCode) => new StudioError(code, 'What went wrong.')

it.each([failure('OUT_OF_MEMORY'), failure('INTERNAL'), new Error('invalid ELF header')])(
  'saves the document though the model does not open, and says what that costs: %s',
  async (error) => {
    const { path, notices, saving } = save(error)
    await saving
    expect(existsSync(path)).toBe(true)
    expect(notices).toHaveLength(1)
    expect(notices[0]).toContain('Saved without what was computed since the last time')
  },
)

it('says nothing where the model is not here', async () => {
  const { notices, saving } = save(failure('NOT_FOUND'))
  await saving
  expect(notices).toEqual([])
})

it('leaves a failure of the device to whoever repeats the request with another', async () => {
  const { path, saving } = save(failure('DEVICE_FAILED'))
  await expect(saving).rejects.toMatchObject({ code: 'DEVICE_FAILED' })
  expect(existsSync(path)).toBe(false)
})
