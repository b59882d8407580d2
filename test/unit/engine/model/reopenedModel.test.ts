import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { modelSource } from '#shared/modelSource'
import { OpenModels } from '#engine/model/denoiser/OpenModels'
import { ModelCopy } from '../../../fixtures/modelCopy'

let copy: ModelCopy
afterEach(() => copy.remove())

it('reopens a model whose files were replaced (would catch old latents shown as those of the new model)', async () => {
  copy = await ModelCopy.of('one-layer')
  const models = new OpenModels()
  const source = modelSource.parse({ path: copy.folder })
  const before = await models.open(source)
  expect(await models.open(source)).toBe(before)
  await copy.changeJson('scheduler/scheduler_config.json', { beta_end: 0.03 })
  const after = await models.open(source)
  expect(after.key).not.toBe(before.key)
})

it('reopens a model whose file was replaced by one of the same size and time, as unzip does', async () => {
  copy = await ModelCopy.of('one-layer')
  const models = new OpenModels()
  const source = modelSource.parse({ path: copy.folder })
  const part = 'scheduler/scheduler_config.json'
  const change = async (beta_end: number) => {
    await copy.changeJson(part, { beta_end })
    await utimes(join(copy.folder, part), 1e9, 1e9)
  }
  await change(0.02)
  const before = await models.open(source)
  // Longer than a tick of the clock from which file systems take the time of a change.
  await setTimeout(50)
  await change(0.03)
  expect((await models.open(source)).key).not.toBe(before.key)
})

it('openAsSeen returns the open model without noticing changed files, and afterwards the model that open returns', async () => {
  copy = await ModelCopy.of('one-layer')
  const models = new OpenModels()
  const source = modelSource.parse({ path: copy.folder })
  const before = await models.openAsSeen(source)
  await copy.changeJson('scheduler/scheduler_config.json', { beta_end: 0.03 })
  expect(await models.openAsSeen(source)).toBe(before)
  const after = await models.open(source)
  expect(await models.openAsSeen(source)).toBe(after)
})

it('does not keep using an open model whose files were deleted', async () => {
  copy = await ModelCopy.of('one-layer')
  const models = new OpenModels()
  const source = modelSource.parse({ path: copy.folder })
  await models.open(source)
  await copy.remove()
  await expect(models.open(source)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(models.openAsSeen(source)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
