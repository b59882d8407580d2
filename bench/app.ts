import type { Page } from '@playwright/test'
import { median, printTable } from './measure'
import { electronPathFor, finalFrame, morphSession, startStudio } from './studioApp'

/** So long that hardly any frame is there before the playhead comes to it. */
const frames = 4000

/**
 * Milliseconds from taking the playhead somewhere until its new frame is on the screen, as a draft or better. The window is
 * at rest before each move, so the engine is refining frames somewhere else.
 */
async function timeScrubs(page: Page): Promise<number[]> {
  await page.evaluate(() => {
    const times: number[] = []
    window.addEventListener(
      'pointerdown',
      () => {
        const began = performance.now()
        let isMissing = false
        const watching = setInterval(() => {
          const quality = document.querySelector('.quality')?.textContent ?? ''
          const isRendering = quality.startsWith('Rendering')
          isMissing ||= isRendering
          if (!isMissing || isRendering) return
          clearInterval(watching)
          requestAnimationFrame(() => times.push(performance.now() - began))
        }, 2)
      },
      { capture: true },
    )
    Object.assign(window, { benchScrubs: times })
  })
  const track = page.getByRole('slider', { name: 'Playhead' })
  const box = (await track.locator('..').boundingBox())!
  for (const share of [0.31, 0.83, 0.12, 0.57, 0.95, 0.22, 0.71, 0.43, 0.88, 0.05, 0.64]) {
    await page.mouse.move(box.x + share * box.width, box.y + 4)
    await page.mouse.down()
    await page.mouse.up()
    await page.waitForTimeout(1500)
  }
  return page.evaluate(() => (window as unknown as { benchScrubs: number[] }).benchScrubs)
}

/** What a person feels: how soon the window is there, and how soon a frame is there where the playhead stops. */
export async function benchApp(): Promise<void> {
  const electron = await electronPathFor('App')
  if (electron === null) return
  const starts: number[] = []
  for (let i = 0; i < 5; i++) {
    const { app, startSeconds } = await startStudio(electron)
    starts.push(startSeconds)
    await app.close()
  }
  const { app, page } = await startStudio(electron, morphSession(frames, 50))
  await finalFrame(page)
  const scrubs = await timeScrubs(page)
  await app.close()
  printTable('App (medians; worst)', [
    ['start to library', 'first draft after a move', 'moves'],
    [
      `${median(starts).toFixed(2)} s; ${Math.max(...starts).toFixed(2)} s`,
      `${median(scrubs).toFixed(0)} ms; ${Math.max(...scrubs).toFixed(0)} ms`,
      String(scrubs.length),
    ],
  ])
}
