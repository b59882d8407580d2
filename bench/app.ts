import { median } from '#core/numbers/median'
import { printTable } from './measure'
import {
  electronPathFor,
  encodedPictures,
  finalFrame,
  morphSession,
  startStudio,
  type Studio,
} from './studioApp'

/** So many that hardly any frame is ready before the playhead reaches it. */
const frames = 4000

/** Milliseconds from moving the playhead until its new frame is on the screen. */
interface Scrub {
  /** In any quality. */
  readonly first: number
  /** As a draft or better. */
  readonly draft: number
}

/** Where the playhead is moved to, as shares of the film. */
const places = [0.31, 0.83, 0.12, 0.57, 0.95, 0.22, 0.71, 0.43, 0.88, 0.05, 0.64]

/** Between moves, in milliseconds: by then the previous frame is done. */
const pause = 1500
/** How long the pointer rests before it is pressed, in milliseconds; a hand takes longer. */
const rest = 100

/**
 * Moves the playhead to places without a frame. The window is idle before each move, so the engine is
 * refining frames elsewhere. The pointer is moved and the window observed from inside the app, so that
 * measuring takes no processor time from what is measured.
 */
async function timeScrubs({ app, page }: Studio): Promise<Scrub[]> {
  await page.evaluate(watchScrubs)
  const box = (await page.getByRole('slider', { name: 'Playhead' }).locator('..').boundingBox())!
  const points = places.map((share) => ({
    x: Math.round(box.x + share * box.width),
    y: Math.round(box.y + 4),
  }))
  await app.evaluate(
    async ({ BrowserWindow }, { to, pauseAfter, restBefore }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]
      for (const point of to) {
        webContents.sendInputEvent({ type: 'mouseMove', ...point })
        await new Promise((resolve) => setTimeout(resolve, restBefore))
        webContents.sendInputEvent({ type: 'mouseDown', button: 'left', clickCount: 1, ...point })
        webContents.sendInputEvent({ type: 'mouseUp', button: 'left', clickCount: 1, ...point })
        await new Promise((resolve) => setTimeout(resolve, pauseAfter))
      }
    },
    { to: points, pauseAfter: pause, restBefore: rest },
  )
  return page.evaluate(() => (window as unknown as { benchScrubs: Scrub[] }).benchScrubs)
}

/** Records for each press of the pointer when the stage shows the frame; runs in the page. */
function watchScrubs(): void {
  const scrubs: Record<string, number>[] = []
  let began = 0
  let scrub: Record<string, number> | null = null
  new MutationObserver(() => {
    const quality = document.querySelector('.quality')?.textContent ?? ''
    if (quality.startsWith('Rendering') && performance.now() - began < 500) scrub ??= {}
    // A frame that was already there says nothing.
    if (!scrub || quality.startsWith('Rendering')) return
    const current = scrub
    requestAnimationFrame(() => (current['first'] ??= performance.now() - began))
    if (quality.includes('sharpening')) return
    scrub = null
    requestAnimationFrame(() => scrubs.push({ ...current, draft: performance.now() - began }))
  }).observe(document.body, { subtree: true, childList: true, characterData: true })
  window.addEventListener('pointerdown', () => (began = performance.now()), { capture: true })
  Object.assign(window, { benchScrubs: scrubs })
}

const inMilliseconds = (times: readonly number[]): string =>
  `${median(times).toFixed(0)} ms; ${Math.max(...times).toFixed(0)} ms`

/** Responsiveness as the user feels it: time to the window, and to a frame where the playhead stops. */
export async function benchApp(): Promise<void> {
  const electron = await electronPathFor('App')
  if (electron === null) return
  const starts: number[] = []
  for (let i = 0; i < 5; i++) {
    const { app, startSeconds } = await startStudio(electron)
    starts.push(startSeconds)
    await app.close()
  }
  const studio = await startStudio(electron, morphSession(frames, 50))
  const { app, page } = studio
  await finalFrame(page)
  await encodedPictures(page)
  const scrubs = await timeScrubs(studio)
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
