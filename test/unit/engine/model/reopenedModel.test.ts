import { afterEach, expect, it } from 'vitest'
import { modelSource } from '#shared/modelSource'
import { OpenModels } from '#engine/model/denoiser/OpenModels'
import { ModelCopy } from '../../../fixtures/modelCopy'

let copy: ModelCopy
afterEach(() => copy.remove())

it("opens a model anew when its files were replaced (old latents must not be shown as the new one's)", async () => {
  copy = await ModelCopy.of('one-layer')
  const models = new OpenModels()
  const source = modelSource.parse({ path: copy.folder })
  const before = await models.open(source)
  expect(await models.open(source)).toBe(before)
  await copy.changeJson('scheduler/scheduler_config.json', { beta_end: 0.03 })
  const after = await models.open(source)
  expect(after.key).not.toBe(before.key)
})
