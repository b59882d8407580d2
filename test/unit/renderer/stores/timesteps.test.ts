import { expect, it } from 'vitest'
import { nextTick } from 'vue'
import { useModel } from '../../../../src/renderer/stores/model'
import { useSettings } from '../../../../src/renderer/stores/settings'
import { useTimesteps } from '../../../../src/renderer/stores/timesteps'
import { installFakeStudio, modelInfo } from '../fakeStudio'

it('requests timesteps for all settings, including the solver (would catch a chart of timesteps that are never used)', async () => {
  const { callsOf } = installFakeStudio({ 'model.timesteps': () => [180, 999] })
  useModel().info = modelInfo
  const settings = useSettings()
  settings.encode = { ...settings.encode, solver: 'dpm++2m', timestepSpacing: 'leading', steps: 2 }
  const store = useTimesteps()
  await nextTick()
  expect(callsOf('model.timesteps').at(-1)?.input).toMatchObject({ settings: settings.encode })
  await nextTick()
  expect(store.refusal).toBeNull()
})
