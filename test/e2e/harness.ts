import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test as base, type ElectronApplication, type Page } from '@playwright/test'
import electronPath from 'electron'
import { launchDriven } from '../../tools/drivenElectron.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A running app with its window. */
export interface Studio {
  readonly app: ElectronApplication
  readonly page: Page
  /** The folder of this app's data. */
  readonly userData: string
  /** Errors on the page's console and uncaught ones, in order. */
  readonly errors: string[]
  close(): Promise<void>
  /** Kills it with SIGKILL, as in a crash. */
  kill(): Promise<void>
}

interface LaunchOptions {
  userData?: string
  args?: readonly string[]
  /** Files that Electron loads before the app. */
  modules?: readonly string[]
  /** Environment variables in addition to those of this process. */
  env?: Record<string, string>
}

export interface Fixtures {
  /** A folder for a test's files, removed after it. */
  folder: string
  /**
   * Starts the app on `userData`, by default a fresh folder. It is closed after the test, and errors fail it.
   */
  launch: (options?: LaunchOptions) => Promise<Studio>
  /** The app, started without options. */
  studio: Studio
}

/** An app that has not closed after this long never will. */
const closeMilliseconds = 30_000

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'slerp-studio-e2e-'))
}

/** Disables the cache of results, so that no test finds its work done by another. */
async function cacheWithoutResults(): Promise<string> {
  const cache = join(root, 'test-results/e2e-cache')
  const results = join(cache, 'slerp-studio/results')
  await mkdir(results, { recursive: true })
  await writeFile(join(results, 'limit.json'), '{"limitBytes":0}')
  return cache
}

async function launchStudio(
  userData: string,
  { args = [], modules = [], env = {} }: LaunchOptions,
): Promise<Studio> {
  const options = {
    executablePath: electronPath as unknown as string,
    cwd: root,
    env: { ...definedEnvironment(), XDG_CACHE_HOME: await cacheWithoutResults(), ...env },
    // By default Playwright makes the page see a light system theme, whatever theme the app has set.
    colorScheme: null,
  }
  const app = await launchDriven(options, [`--user-data-dir=${userData}`, ...args], modules)
  const errors: string[] = []
  app
    .process()
    .stderr?.on('data', (chunk: Buffer) => process.env.SLERP_E2E_LOG && process.stderr.write(chunk))
  const page = await app.firstWindow()
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(String(error)))
  await page.waitForLoadState('load')
  let closed = false
  return {
    app,
    page,
    userData,
    errors,
    async close() {
      if (closed) return
      closed = true
      // An unanswered dialog blocks the app; without this it would block the following tests too.
      const killed = setTimeout(() => {
        errors.push('The app did not close.')
        app.process().kill('SIGKILL')
      }, closeMilliseconds)
      await app.close()
      clearTimeout(killed)
    },
    async kill() {
      closed = true
      const ended = once(app.process(), 'exit')
      app.process().kill('SIGKILL')
      await ended
    },
  }
}

/** Playwright's `test` with its own apps in fresh folders; an unexpected console error fails the test. */
export const test = base.extend<Fixtures>({
  // eslint forbids an empty pattern, and Playwright requires a pattern.
  folder: async ({ browserName: _browserName }, use) => {
    const folder = await temporaryFolder()
    await use(folder)
    await rm(folder, { recursive: true, force: true })
  },

  launch: async ({ folder }, use) => {
    const started: Studio[] = []
    await use(async ({ userData = join(folder, `user-data-${started.length}`), ...options } = {}) => {
      const studio = await launchStudio(userData, options)
      started.push(studio)
      return studio
    })
    for (const studio of started) await studio.close()
    expect(started.flatMap(({ errors }) => errors)).toEqual([])
  },

  studio: async ({ launch }, use) => use(await launch()),
})

export { expect }
