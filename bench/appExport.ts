import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { printTable } from './measure'
import { electronPathFor, finalFrame, morphSession, startStudio, type Studio } from './studioApp'

/** Counts long tasks of the page, and delays of the main process's event loop, from now on. */
async function startTracing({ app, page }: Studio): Promise<void> {
  await app.evaluate(async () => {
    const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks')
    const histogram = monitorEventLoopDelay({ resolution: 5 })
    histogram.enable()
    Object.assign(globalThis, { benchDelays: histogram })
  })
  await page.evaluate(() => {
    const tasks: number[] = []
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration)
    })
    observer.observe({ type: 'longtask' })
    Object.assign(window, { benchTasks: tasks })
  })
}

/** Exports the path on the table as a GIF through the dialog, and waits until it is saved. */
async function exportGif({ app, page }: Studio): Promise<number> {
  const path = join(mkdtempSync(join(tmpdir(), 'slerp-bench-export-')), 'morph.gif')
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath })
  }, path)
  await page.getByRole('button', { name: /^Export/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Export' })
  await dialog.getByRole('radio', { name: 'GIF:' }).click()
  const began = performance.now()
  await dialog.getByRole('button', { name: 'Save as…' }).click()
  await page.getByText(/^Saved/).waitFor({ timeout: 600_000 })
  return (performance.now() - began) / 1000
}

/** Whether anything stalls while a 200-frame export runs, started as a person would. */
export async function benchAppExport(): Promise<void> {
  const electron = await electronPathFor('Export in the app')
  if (electron === null) return
  const studio = await startStudio(electron, morphSession(199, 10))
  await finalFrame(studio.page)
  await startTracing(studio)
  const seconds = await exportGif(studio)
  const tasks = await studio.page.evaluate(() => (window as unknown as { benchTasks: number[] }).benchTasks)
  const delay = await studio.app.evaluate(
    () => (globalThis as unknown as { benchDelays: { max: number } }).benchDelays.max / 1e6,
  )
  await studio.app.close()
  printTable('200-frame GIF from the app, 10 steps a frame', [
    ['seconds', 'page tasks over 50 ms', 'longest main-process delay'],
    [
      seconds.toFixed(1),
      tasks.length === 0 ? 'none' : `${tasks.length}, longest ${Math.max(...tasks).toFixed(0)} ms`,
      `${delay.toFixed(0)} ms`,
    ],
  ])
}
