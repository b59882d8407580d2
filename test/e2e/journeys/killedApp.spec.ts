import {
  editContinuously,
  finishStart,
  lastKeptEdit,
  recoveryQuestion,
  untilReady,
} from '../../fixtures/continuousEdits'
import { randomNumbers } from '../../fixtures/mutants'
import { expect, test } from '../harness'
import { keepScreenshot } from './screen'

// The long run, with fifty kills and twenty clean exits, is `npm run bench appKills`.
test('an app killed during editing offers to recover the edits, and an app closed normally offers nothing', async ({
  launch,
}) => {
  test.setTimeout(180_000)
  const random = randomNumbers(17)
  let studio = await launch()
  const { userData } = studio
  for (let kill = 0; kill < 2; kill++) {
    await untilReady(studio.page)
    await editContinuously(studio.page)
    await studio.page.waitForTimeout(1000 + 1500 * random())
    await studio.kill()
    await finishStart(userData)
    const kept = await lastKeptEdit(userData)
    studio = await launch({ userData })
    await expect(recoveryQuestion(studio.page)).toBeVisible({ timeout: 60_000 })
    if (kill === 0) await keepScreenshot(studio.page, 'killed-app-1-recovery')
    await studio.page.getByRole('button', { name: 'Recover', exact: true }).click()
    await untilReady(studio.page)
    await studio.page.waitForTimeout(500)
    expect(await lastKeptEdit(userData)).toBe(kept)
  }
  await studio.close()
  studio = await launch({ userData })
  await untilReady(studio.page)
  await expect(recoveryQuestion(studio.page)).toHaveCount(0)
})
