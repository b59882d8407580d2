import { afterEach, expect, it } from 'vitest'
import { modelSource } from '#shared/settings'
import { createEngineServices } from '#engine/job/services'
import { ModelCopy } from '../../../fixtures/modelCopy'

let copy: ModelCopy
afterEach(() => copy.remove())

it("opens a model anew when its files were replaced (old latents must not be shown as the new one's)", async () => {
  copy = await ModelCopy.of('one-layer')
  const { openModel } = createEngineServices()
  const source = modelSource.parse({ path: copy.folder })
  const before = await openModel(source)
  expect(await openModel(source)).toBe(before)
  await copy.changeJson('scheduler/scheduler_config.json', { beta_end: 0.03 })
  const after = await openModel(source)
  expect(after.key).not.toBe(before.key)
})
