import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ElectronApplication, Locator, Page } from '@playwright/test'
import { answerSaveDialog } from '../dialogs'
import { expect, type Studio } from '../harness'

/** For encoding and decoding on a busy two-core machine. */
const computing = { timeout: 240_000 }

/** Saves a screenshot of the whole window for people; Playwright's own is cut off if the page is zoomed. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = join(import.meta.dirname, '../../../test-results/journeys')
  await mkdir(folder, { recursive: true })
  const session = await page.context().newCDPSession(page)
  const { data } = await session.send('Page.captureScreenshot')
  await session.detach()
  await writeFile(join(folder, `${name}.png`), data, 'base64')
}

/** Sets the window's size and its page's zoom. */
export async function resize(
  app: ElectronApplication,
  [width, height, zoom]: readonly number[],
): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow }, { size, factor }) => {
      const [window] = BrowserWindow.getAllWindows()
      window.setContentSize(size[0], size[1])
      window.webContents.setZoomFactor(factor)
    },
    { size: [width, height], factor: zoom },
  )
}

/** Types a value into a number field and leaves the field. */
export async function setNumber(page: Page, label: string, value: number): Promise<void> {
  const field = page.getByRole('spinbutton', { name: label, exact: true })
  await field.fill(String(value))
  await field.press('Tab')
}

/** A picture of the library. */
export function tile(page: Page, name: string): Locator {
  return page.getByRole('option', { name: new RegExp(`^${name},`) })
}

/** Waits until a picture has its latent and the figures for it. */
export async function expectEncoded(page: Page, name: string): Promise<void> {
  await expect(tile(page, name)).toHaveAccessibleName(/Encoded, reconstructed at/, computing)
}

/** Waits until the frame under the playhead has been computed in full quality. */
export async function expectFinalFrame(page: Page): Promise<void> {
  await expect(page.getByText('Final', { exact: true })).toBeVisible(computing)
}

/** The choices of an export. */
export interface ExportChoices {
  /** The name of its format. */
  format: string
  path: string
  repeat?: 'Once' | 'Forever' | 'Ping-pong'
}

/** Opens the export dialog, makes the choices, and saves. Returns the row that shows its progress. */
export async function startExport(
  { app, page }: Studio,
  { format, path, repeat }: ExportChoices,
): Promise<Locator> {
  const dialog = page.getByRole('dialog', { name: 'Export' })
  if (!(await dialog.isVisible())) await page.getByRole('button', { name: /^Export/ }).click()
  await dialog.getByRole('radio', { name: `${format}:` }).click()
  if (repeat) await dialog.getByRole('radio', { name: repeat }).click()
  await answerSaveDialog(app, path)
  await dialog.getByRole('button', { name: 'Save as…' }).click()
  return exportRow(page, path)
}

/** The row of an export in the dialog. */
export function exportRow(page: Page, path: string): Locator {
  const name = path.split('/').at(-1)
  return page.getByRole('article', { name: `Export ${name}` })
}

/** Waits until an export is on disk. */
export async function expectSaved(row: Locator): Promise<void> {
  await expect(row.getByRole('status')).toHaveText(/^Saved/, computing)
}
