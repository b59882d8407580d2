import type { Page } from '@playwright/test'
import { printTable, residentMemory } from './measure'
import { electronPathFor, finalFrame, morphSession, pagePid, startStudio } from './studioApp'

const minutes = 10

/** Megabytes of live JavaScript after a garbage collection; resident memory includes garbage. */
async function heapMegabytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize / 2 ** 20
}

/** Whether the renderer's memory grows while an animation plays in a loop. */
export async function benchPlayback(): Promise<void> {
  const electron = await electronPathFor('Playback')
  if (electron === null) return
  const studio = await startStudio(electron, morphSession(48, 10))
  await finalFrame(studio.page)
  await studio.page.keyboard.press('Space')
  const rows = [['minute', 'renderer RSS, MB', 'live heap, MB']]
  const pid = await pagePid(studio)
  for (let minute = 0; minute <= minutes; minute++) {
    if (minute > 0) await studio.page.waitForTimeout(60_000)
    const heap = await heapMegabytes(studio.page)
    rows.push([String(minute), residentMemory(pid).now.toFixed(0), heap.toFixed(1)])
  }
  await studio.app.close()
  printTable(`${minutes} minutes of looping playback`, rows)
}
