import { expect, it } from 'vitest'
import type { Preferences } from '#shared/app'
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
