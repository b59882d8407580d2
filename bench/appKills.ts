import { once } from 'node:events'
import type { ElectronApplication, Page } from '@playwright/test'
import { meanOf } from '#core/numbers/mean'
import {
  editContinuously,
  finishStart,
  lastKeptEdit,
  recoveryQuestion,
  untilReady,
} from '../test/fixtures/continuousEdits'
import { randomNumbers } from '../test/fixtures/mutants'
import { printTable } from './measure'
import { selectedPart } from './part'
import { electronPathFor, launchStudio, newUserData } from './studioApp'

const count = { kills: 50, ends: 20 }

/** Whether a start asks about recovery, rather than opening with its work. */
async function offersRecovery(page: Page): Promise<boolean> {
  const question = recoveryQuestion(page)
  await Promise.race([question.waitFor({ timeout: 60_000 }), untilReady(page)])
  return question.isVisible()
}

async function kill(app: ElectronApplication): Promise<number> {
  const ended = once(app.process(), 'exit')
  const at = Date.now()
  app.process().kill('SIGKILL')
  await ended
  return at
}

/** Kills or quits the app at random moments of continuous edits; counts lost edits and offers to recover. */
export async function benchAppKills(): Promise<void> {
  const electron = await electronPathFor('Kills of the app')
  if (electron === null) return
  const { share, seed, name } = selectedPart()
  const random = randomNumbers(seed)
  const userData = await newUserData()
  const lost: number[] = []
  let [offered, falseOffers, unrecovered] = [0, 0, 0]
  let { app, page } = await launchStudio(electron, userData)
  await untilReady(page)

  const kills = Math.round(count.kills * share)
  for (let i = 0; i < kills; i++) {
    await editContinuously(page)
    // After a second the first edits are done: a kill during them would be a kill during startup.
    await page.waitForTimeout(1000 + 2000 * random())
    const at = await kill(app)
    await finishStart(userData)
    const kept = await lastKeptEdit(userData)
    lost.push(at - kept)
    ;({ app, page } = await launchStudio(electron, userData))
    if (!(await offersRecovery(page))) continue
    offered++
    await page.getByRole('button', { name: 'Recover', exact: true }).click()
    await untilReady(page)
    await page.waitForTimeout(300)
    if ((await lastKeptEdit(userData)) !== kept) unrecovered++
  }

  const ends = Math.round(count.ends * share)
  for (let i = 0; i < ends; i++) {
    await editContinuously(page)
    await page.waitForTimeout(300 + 700 * random())
    await app.close()
    ;({ app, page } = await launchStudio(electron, userData))
    if (await offersRecovery(page)) falseOffers++
  }
  await app.close()

  printTable(`The app killed while it is edited${name}`, [
    ['kills', String(kills)],
    ['recovery offered', `${offered} of ${kills}`],
    ['recovered another state than was kept', String(unrecovered)],
    ['lost at most', `${Math.max(...lost)} ms`],
    ['lost, mean', `${meanOf(lost).toFixed(0)} ms`],
    ['clean ends', String(ends)],
    ['recovery offered after them', String(falseOffers)],
  ])
}
