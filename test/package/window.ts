import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { chromium, type Page } from '@playwright/test'
import type { InstalledApp } from './installedApp'

/** The window of the installed app, as it is shipped. */
export interface Shown {
  readonly page: Page
  readonly process: ChildProcess
  /** From the start of the program until the page shows the sample pictures, in milliseconds. */
  readonly startMilliseconds: number
  /** What the program has printed so far. */
  printed(): string
  close(): Promise<void>
}

/**
 * Starts the app. Playwright's own way into Electron is `--inspect`, which a fuse disables; only Chromium's
 * debugging port is left.
 */
export async function showWindow(app: InstalledApp, files: readonly string[] = [], env = {}): Promise<Shown> {
  const begun = performance.now()
  const program = app.start(app.program, ['--remote-debugging-port=0', ...files], env)
  let printed = ''
  for (const stream of [program.stdout, program.stderr])
    stream?.on('data', (text: Buffer) => (printed += String(text)))
  const address = await debuggerOf(program, () => printed)
  await pageListed(address)
  const browser = await chromium.connectOverCDP(address)
  const [context] = browser.contexts()
  const page = context.pages()[0] ?? (await context.waitForEvent('page'))
  await page.getByRole('option', { name: /^Apple golden,/ }).waitFor()
  const startMilliseconds = performance.now() - begun
  return {
    page,
    process: program,
    startMilliseconds,
    printed: () => printed,
    async close() {
      await page.evaluate(() => window.close())
      if (program.exitCode === null) await once(program, 'exit')
      await browser.close().catch(() => undefined)
    },
  }
}

/** Waits for the page: Playwright can miss one that appears while it connects, and then waits in vain. */
async function pageListed(address: string): Promise<void> {
  const list = `http://${new URL(address).host}/json/list`
  for (let tries = 0; tries < 600; tries++) {
    const targets = (await (await fetch(list)).json()) as { type: string; url: string }[]
    if (targets.some(({ type, url }) => type === 'page' && url.startsWith('app://studio/'))) return
    await setTimeout(100)
  }
  throw new Error('The window did not come within a minute.')
}

/** The address at which Chromium says that it listens. */
function debuggerOf(program: ChildProcess, printed: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = globalThis.setTimeout(
      () => end(`It said no address within 60 seconds: ${printed()}`),
      60_000,
    )
    const look = (): void => {
      const [, address] = /DevTools listening on (ws:\S+)/.exec(printed()) ?? []
      if (address === undefined) return
      clearTimeout(late)
      resolve(address)
    }
    const end = (reason: string): void => {
      clearTimeout(late)
      reject(new Error(reason))
    }
    program.stderr?.on('data', look)
    program.once('exit', (code) => end(`The app ended with ${code}: ${printed()}`))
  })
}
