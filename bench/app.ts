import type { Page } from '@playwright/test'
import { median, printTable } from './measure'
import { electronPathFor, encodedPictures, finalFrame, morphSession, startStudio } from './studioApp'

/** So long that hardly any frame is there before the playhead comes to it. */
const frames = 4000

/** Milliseconds from taking the playhead somewhere until its new frame is on the screen. */
interface Scrub {
  /** However rough. */
  readonly first: number
  /** As a draft or better. */
  readonly draft: number
}

/** Takes the playhead to places where no frame is. The window is at rest before each move, so the engine is refining frames somewhere else. */
async function timeScrubs(page: Page): Promise<Scrub[]> {
  await page.evaluate(() => {
    const scrubs: Record<string, number>[] = []
    window.addEventListener(
      'pointerdown',
      () => {
        const began = performance.now()
        const scrub: Record<string, number> = {}
        let isMissing = false
        const watching = setInterval(() => {
          const quality = document.querySelector('.quality')?.textContent ?? ''
          isMissing ||= quality.startsWith('Rendering')
          // A frame that is there already says nothing.
          if (!isMissing && performance.now() - began > 500) clearInterval(watching)
          if (!isMissing || quality.startsWith('Rendering')) return
          requestAnimationFrame(() => (scrub['first'] ??= performance.now() - began))
          if (quality.includes('sharpening')) return
          clearInterval(watching)
          requestAnimationFrame(() => scrubs.push({ ...scrub, draft: performance.now() - began }))
        }, 2)
      },
      { capture: true },
    )
    Object.assign(window, { benchScrubs: scrubs })
  })
  const track = page.getByRole('slider', { name: 'Playhead' })
  const box = (await track.locator('..').boundingBox())!
  for (const share of [0.31, 0.83, 0.12, 0.57, 0.95, 0.22, 0.71, 0.43, 0.88, 0.05, 0.64]) {
    await page.mouse.move(box.x + share * box.width, box.y + 4)
    await page.mouse.down()
    await page.mouse.up()
    await page.waitForTimeout(1500)
  }
  return page.evaluate(() => (window as unknown as { benchScrubs: Scrub[] }).benchScrubs)
}

const inMilliseconds = (times: readonly number[]): string =>
  `${median(times).toFixed(0)} ms; ${Math.max(...times).toFixed(0)} ms`

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
  await encodedPictures(page)
  const scrubs = await timeScrubs(page)
  await app.close()
  printTable('App (medians; worst)', [
    ['start to library', 'rough draft after a move', 'draft after a move', 'moves'],
    [
      `${median(starts).toFixed(2)} s; ${Math.max(...starts).toFixed(2)} s`,
      inMilliseconds(scrubs.map(({ first }) => first)),
      inMilliseconds(scrubs.map(({ draft }) => draft)),
      String(scrubs.length),
    ],
  ])
}
