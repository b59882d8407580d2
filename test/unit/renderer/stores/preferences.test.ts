import { expect, it } from 'vitest'
import type { Preferences } from '#shared/app'
import { inferenceServer, type InferenceServer } from '#shared/inferenceServer'
import { usePreferences } from '../../../../src/renderer/stores/preferences'
import { installFakeStudio } from '../fakeStudio'

it('a change is not taken back by the late answer to an earlier one (would catch a slider that jumps back)', async () => {
  const ends: (() => void)[] = []
  installFakeStudio({
    'app.setPreferences': (changes: Partial<Preferences>) =>
      new Promise((resolve) => ends.push(() => resolve({ textSize: 100, threads: 0, ...changes }))),
  })
  const preferences = usePreferences()
  const first = preferences.change({ threads: 3 })
  const second = preferences.change({ textSize: 150 })
  ends[0]()
  await first
  expect(preferences.textSize).toBe(150)
  ends[1]()
  await second
  expect(preferences.textSize).toBe(150)
})

const server = inferenceServer.parse({ url: 'http://gpu-server:8000' })

it('a server is used only once it is saved, and not if the user declines it (would catch requests to it that are refused)', async () => {
  let allowed: (server: InferenceServer | null) => void = () => undefined
  installFakeStudio({
    'app.setPreferences': () => new Promise((resolve) => (allowed = (saved) => resolve({ server: saved }))),
  })
  const preferences = usePreferences()
  for (const saved of [null, server]) {
    const changing = preferences.change({ server })
    expect(preferences.server).toBeNull()
    allowed(saved)
    await changing
    expect(preferences.server).toEqual(saved)
  }
})

it('a server is used although another preference was changed while the user was asked', async () => {
  const ends: ((all: Partial<Preferences>) => void)[] = []
  installFakeStudio({ 'app.setPreferences': () => new Promise((resolve) => ends.push(resolve)) })
  const preferences = usePreferences()
  const asking = preferences.change({ server })
  const other = preferences.change({ textSize: 150 })
  ends[1]({ textSize: 150, server: null })
  await other
  ends[0]({ textSize: 100, server })
  await asking
  expect([preferences.textSize, preferences.server]).toEqual([150, server])
})
