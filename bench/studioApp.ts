import { mkdtempSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { ElectronApplication, Page } from '@playwright/test'
import { defaultSettings } from '#shared/presets'
import { decodeSettings } from '#shared/settings'
import { launchDriven } from '../tools/drivenElectron.mjs'
import { findElectron, hasDisplay } from '../tools/electronRuntime.mjs'
import { bundledModel, samples } from './subjects'

/** Used by this run only: frames cached by an earlier run would be shown at once. */
const cache = mkdtempSync(join(tmpdir(), 'slerp-bench-cache-'))

/** A running app with its window. */
export interface Studio {
  readonly app: ElectronApplication
  readonly page: Page
  /** From starting the process until the library can be clicked; some 0.2 s of it connect the driver. */
  readonly startSeconds: number
}

/** Returns Electron's path, or null after saying why `what` cannot be measured here. */
export async function electronPathFor(what: string): Promise<string | null> {
  const electron = await findElectron()
  if ('path' in electron && hasDisplay()) return electron.path
  const reason = 'reason' in electron ? electron.reason : 'there is no display'
  console.log(`\n${what}: not measured, because ${reason}.`)
  return null
}

/**
 * Starts the app in a fresh folder; `session`, if given, is work saved by version 0.1, which it opens with
 * fruits-64.
 */
export async function startStudio(
  executablePath: string,
  session?: Record<string, unknown>,
): Promise<Studio> {
  const userData = await newUserData()
  if (session) {
    await writeFile(join(userData, 'session.json'), JSON.stringify(session))
    await writeFile(join(userData, 'preferences.json'), JSON.stringify({ modelPath: bundledModel }))
  }
  const began = performance.now()
  const { app, page } = await launchStudio(executablePath, userData)
  await page.getByRole('listbox', { name: 'Pictures' }).getByRole('option').first().waitFor()
  return { app, page, startSeconds: (performance.now() - began) / 1000 }
}

/** The user data folder of an app that has never run. */
export async function newUserData(): Promise<string> {
  const userData = join(mkdtempSync(join(tmpdir(), 'slerp-bench-app-')), 'data')
  await mkdir(userData)
  return userData
}

/** Starts the app on a folder; its window exists, but may not show its work yet. */
export async function launchStudio(
  executablePath: string,
  userData: string,
): Promise<Pick<Studio, 'app' | 'page'>> {
  const env = { ...(process.env as Record<string, string>), XDG_CACHE_HOME: cache }
  const app = await launchDriven({ executablePath, env }, [`--user-data-dir=${userData}`])
  return { app, page: await app.firstWindow() }
}

/** The two sample pictures on the timeline, `frames` frames apart, decoded in `steps` steps. */
export function morphSession(frames: number, steps: number): Record<string, unknown> {
  return {
    pictures: samples.map((path) => ({
      path,
      name: basename(path, '.webp'),
      fit: { mode: 'cover' },
      restandardise: false,
    })),
    stops: [0, 1],
    segments: [{ frames, easing: 'linear', interpolation: 'slerp' }],
    encode: defaultSettings.encode,
    decode: decodeSettings.parse({ steps }),
    fps: 20,
    repeat: 'forever',
  }
}

/** Process id of the window's page. */
export function pagePid({ app }: Studio): Promise<number> {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].webContents.getOSProcessId())
}

/** Waits until the frame under the playhead is shown in full quality. */
export async function finalFrame(page: Page): Promise<void> {
  await page.getByText('Final', { exact: true }).waitFor({ timeout: 240_000 })
}

/** Waits until both pictures of {@link morphSession} are encoded and measured, and the engine is free. */
export async function encodedPictures(page: Page): Promise<void> {
  for (const path of samples) {
    const name = basename(path, '.webp')
    await page.getByRole('option', { name: new RegExp(`^${name},.*Encoded`) }).waitFor({ timeout: 240_000 })
  }
}
