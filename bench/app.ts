import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import type { Bridge } from '../src/shared/contract'
import { presets } from '../src/shared/presets'
import { electronArguments, findElectron, hasDisplay } from '../tools/electronRuntime.mjs'
import { median, printTable } from './measure'
import { bundledModel, samples, threads } from './subjects'

const { encode, decode } = presets.find(({ id }) => id === 'draft')!

/** A path through the two sample pictures, as the window would ask for it. */
function morphRequest(frames: number) {
  const stops = samples.map((path) => ({ kind: 'picture', picture: { path }, encode }))
  return {
    model: { path: bundledModel, threads },
    plan: { kind: 'path', stops, segments: [{ frames }] },
    decode,
  }
}

/** Seconds from starting the process until the library can be clicked. */
async function startStudio(
  executablePath: string,
): Promise<{ app: ElectronApplication; page: Page; seconds: number }> {
  const began = performance.now()
  const userData = mkdtempSync(join(tmpdir(), 'slerp-bench-app-'))
  const app = await _electron.launch({
    executablePath,
    args: [...electronArguments(), `--user-data-dir=${userData}`],
  })
  const page = await app.firstWindow()
  await page.getByRole('listbox', { name: 'Pictures' }).getByRole('option').first().waitFor()
  return { app, page, seconds: (performance.now() - began) / 1000 }
}

/** Milliseconds from asking for one draft frame to its PNG, latents being there: what a stopped playhead waits for. */
async function timeDrafts(page: Page): Promise<number[]> {
  return page.evaluate(async (request) => {
    const { studio } = window as unknown as { studio: Bridge }
    const times: number[] = []
    for (let index = 0; index < 12; index++) {
      const began = performance.now()
      await studio.request('animation.frames', { ...request, indices: [index * 3] }, `draft-${index}`)
      times.push(performance.now() - began)
    }
    // The first one encodes the pictures and opens the session.
    return times.slice(1)
  }, morphRequest(60))
}

/** The longest tasks of page and main process, in milliseconds, while the engine is busy with 200 frames. */
async function traceBusy(app: ElectronApplication, page: Page): Promise<{ page: number; main: number }> {
  await app.evaluate(async () => {
    const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks')
    const histogram = monitorEventLoopDelay({ resolution: 5 })
    histogram.enable()
    Object.assign(globalThis, { benchHistogram: histogram })
  })
  const longest = await page.evaluate(async (request) => {
    const { studio } = window as unknown as { studio: Bridge }
    let worst = 0
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) worst = Math.max(worst, duration)
    }).observe({ type: 'longtask' })
    for (let index = 0; index < 200; index += 8) {
      const indices = Array.from({ length: 8 }, (_, i) => index + i)
      await studio.request('animation.frames', { ...request, indices }, `busy-${index}`)
    }
    return worst
  }, morphRequest(200))
  const main = await app.evaluate(() => {
    const { benchHistogram } = globalThis as unknown as { benchHistogram: { max: number } }
    return benchHistogram.max / 1e6
  })
  return { page: longest, main }
}

/** What a person feels: how soon the window is there, a draft frame is there, and whether anything ever stalls. */
export async function benchApp(): Promise<void> {
  const electron = await findElectron()
  if ('reason' in electron || !hasDisplay()) {
    console.log(
      `\nApp: not measured, because ${'reason' in electron ? electron.reason : 'there is no display'}.`,
    )
    return
  }
  const starts: number[] = []
  for (let i = 0; i < 2; i++) {
    const { app, seconds } = await startStudio(electron.path)
    starts.push(seconds)
    await app.close()
  }
  const { app, page, seconds } = await startStudio(electron.path)
  const drafts = await timeDrafts(page)
  const longest = await traceBusy(app, page)
  await app.close()
  printTable('App (medians)', [
    [
      'start to library',
      'draft frame, 10 steps',
      'longest page task while busy',
      'longest main-process delay',
    ],
    [
      `${median([...starts, seconds]).toFixed(2)} s`,
      `${median(drafts).toFixed(0)} ms`,
      longest.page === 0 ? 'none over 50 ms' : `${longest.page.toFixed(0)} ms`,
      `${longest.main.toFixed(0)} ms`,
    ],
  ])
}
