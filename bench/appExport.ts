import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { printTable, watchProcessor } from './measure'
import { electronPathFor, finalFrame, morphSession, pagePid, startStudio, type Studio } from './studioApp'

/** Longest stalls of the main process, in milliseconds: by the clock, and of processor time meanwhile. */
interface Stalls {
  wall: number
  cpu: number
}

/** A task of the page, in milliseconds since 1970. */
interface Task {
  from: number
  to: number
}

/**
 * Starts counting long tasks of the page and stalls of the main process. A stall without processor time is
 * not a task of this process: something else had the processor.
 */
async function startTracing({ app, page }: Studio): Promise<void> {
  await app.evaluate(() => {
    const every = 5
    const stalls = { wall: 0, cpu: 0 }
    let [before, used] = [performance.now(), process.cpuUsage()]
    setInterval(() => {
      const { user, system } = process.cpuUsage(used)
      stalls.wall = Math.max(stalls.wall, performance.now() - before - every)
      stalls.cpu = Math.max(stalls.cpu, (user + system) / 1000)
      ;[before, used] = [performance.now(), process.cpuUsage()]
    }, every)
    Object.assign(globalThis, { benchStalls: stalls })
  })
  await page.evaluate(() => {
    const tasks: { from: number; to: number }[] = []
    const observer = new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) {
        const from = performance.timeOrigin + startTime
        tasks.push({ from, to: from + duration })
      }
    })
    observer.observe({ type: 'longtask' })
    Object.assign(window, { benchTasks: tasks })
  })
}

/** Opens the export dialog and chooses a GIF. */
async function chooseGif({ app, page }: Studio): Promise<void> {
  const path = join(mkdtempSync(join(tmpdir(), 'slerp-bench-export-')), 'morph.gif')
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath })
  }, path)
  await page.getByRole('button', { name: /^Export/ }).click()
  await page.getByRole('dialog', { name: 'Export' }).getByRole('radio', { name: 'GIF:' }).click()
}

/** Starts the chosen export and waits until it is saved. */
async function save({ page }: Studio): Promise<number> {
  const began = performance.now()
  await page.getByRole('button', { name: 'Save as…' }).click()
  await page.getByText(/^Saved/).waitFor({ timeout: 600_000 })
  return (performance.now() - began) / 1000
}

/** Whether anything stalls during a 200-frame export that is started as a user would. */
export async function benchAppExport(): Promise<void> {
  const electron = await electronPathFor('Export in the app')
  if (electron === null) return
  const studio = await startStudio(electron, morphSession(199, 10))
  await finalFrame(studio.page)
  await chooseGif(studio)
  await startTracing(studio)
  const processor = watchProcessor(await pagePid(studio))
  const seconds = await save(studio)
  processor.stop()
  const tasks = await studio.page.evaluate(() => (window as unknown as { benchTasks: Task[] }).benchTasks)
  const stalls = await studio.app.evaluate(
    () => (globalThis as unknown as { benchStalls: Stalls }).benchStalls,
  )
  await studio.app.close()
  printTable('200-frame GIF from the app, 10 steps a frame', [
    [
      'seconds',
      'page tasks over 50 ms; processor time in them',
      'longest main-process stall; processor time in one',
    ],
    [
      seconds.toFixed(1),
      tasks
        .map(
          ({ from, to }) => `${(to - from).toFixed(0)} ms; ${processor.usedBetween(from, to).toFixed(0)} ms`,
        )
        .join(', ') || 'none',
      `${stalls.wall.toFixed(0)} ms; ${stalls.cpu.toFixed(0)} ms`,
    ],
  ])
}
