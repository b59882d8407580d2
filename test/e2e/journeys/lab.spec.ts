import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeSettings, encodeSettings } from '#shared/settings'
import { answerOpenDialog, answerSaveDialog, chooseMenu } from '../dialogs'
import { expect, test } from '../harness'
import { chooseTinySweep } from './labScreen'
import { keepScreenshot, tile } from './screen'
import { prepareUserData, tinyModel, twoSamples } from './userData'

const cells = 8
const tinySettings = encodeSettings.parse({ solver: 'ddim', timestepSpacing: 'linear', steps: 4 })

const csvOf = (study: string): Promise<string> => readFile(join(study, 'lab.csv'), 'utf8')

test('a study that is cancelled halfway, reopened and resumed gives the same results as an undisturbed one', async ({
  launch,
  folder,
}) => {
  test.setTimeout(180_000)
  const session = twoSamples(3, { stops: [], segments: [] })
  const { app, page } = await launch({ userData: await prepareUserData(folder, { session }) })
  const run = page.getByRole('region', { name: 'Run' })
  const [disturbed, undisturbed] = [join(folder, 'disturbed'), join(folder, 'undisturbed')]
  await page.getByRole('radio', { name: 'Lab' }).click()
  await chooseTinySweep(page)
  // 2 pictures by 4 rules, in 2 + 2 and in 3 + 3 evaluations.
  await expect(run).toContainText('80 evaluations')
  await expect(run).toContainText(/about \d+ s|less than 1 s/, { timeout: 60_000 })

  await answerSaveDialog(app, disturbed)
  await run.getByRole('button', { name: 'Run the study…' }).click()
  await expect(run).toContainText(new RegExp(`[3-7] of ${cells} combinations`), { timeout: 60_000 })
  await run.getByRole('button', { name: 'Cancel' }).click()
  await expect(run).toContainText(new RegExp(`Interrupted after [3-7] of ${cells} combinations`))
  await keepScreenshot(page, 'lab-1-interrupted')

  await answerOpenDialog(app, [disturbed])
  await page.getByRole('button', { name: 'Open a study' }).click()
  await run.getByRole('button', { name: 'Resume' }).click()
  await expect(run.getByRole('button', { name: 'Run a new study…' })).toBeVisible({ timeout: 60_000 })
  await page.getByRole('radio', { name: 'Table' }).click()
  await expect(page.getByRole('row')).toHaveCount(1 + cells)
  await keepScreenshot(page, 'lab-2-table')

  await answerSaveDialog(app, undisturbed)
  await run.getByRole('button', { name: 'Run a new study…' }).click()
  await expect(run.getByRole('button', { name: 'Cancel' })).toBeVisible()
  await expect(run.getByRole('button', { name: 'Run a new study…' })).toBeVisible({ timeout: 60_000 })
  expect(await csvOf(disturbed)).toBe(await csvOf(undisturbed))

  await page
    .getByRole('row', { name: /^2M · Karras · S 3/ })
    .getByRole('button')
    .click()
  await page.getByRole('radio', { name: 'Morph' }).click()
  await page.getByRole('button', { name: 'Advanced' }).click()
  for (const way of [/^Encoding/, /^Decoding/]) {
    const steps = page.getByRole('group', { name: way }).getByRole('spinbutton', { name: /^Steps/ })
    await expect(steps).toHaveValue('3')
  }
})

test('a study of the timeline measures a seed and a mix, and says that they have no picture to compare with', async ({
  launch,
  folder,
}) => {
  test.setTimeout(240_000)
  const session = twoSamples(3, { encode: tinySettings, decode: decodeSettings.parse(tinySettings) })
  const preferences = { modelPath: tinyModel }
  const { app, page } = await launch({ userData: await prepareUserData(folder, { preferences, session }) })
  await chooseMenu(app, 'addSeeds')
  await page.getByRole('button', { name: 'Add seed', exact: true }).click()
  await tile(page, 'Seed 1').dblclick()
  await tile(page, 'apple-golden').click()
  await tile(page, 'Seed 1').click({ modifiers: ['ControlOrMeta'] })
  await page.getByRole('button', { name: 'Mix these' }).click()
  await page.getByRole('option', { name: 'apple-golden + Seed 1,' }).dblclick()

  await page.getByRole('radio', { name: 'Lab' }).click()
  await chooseTinySweep(page)
  const [panel, run] = ['Study', 'Run'].map((name) => page.getByLabel(name, { exact: true }))
  await panel.getByRole('radio', { name: 'Timeline 4' }).click()
  await expect(panel).toContainText('have no picture to compare with')
  await expect(run).toContainText('8 combinations of settings, 2 pictures, 2 latents')
  // 4 stops by 4 rules, in 2 + 2 and in 3 + 3 evaluations, plus 50 to decode each of the two latents.
  await expect(run).toContainText('260 evaluations')
  const folderOfStudy = join(folder, 'study')
  await answerSaveDialog(app, folderOfStudy)
  await run.getByRole('button', { name: 'Run the study…' }).click()
  await expect(run.getByRole('button', { name: 'Run a new study…' })).toBeVisible({ timeout: 60_000 })
  const lab = page.getByRole('main')
  await expect(lab).toContainText(': seed 1; mix of apple-golden.webp and seed 1.')
  await keepScreenshot(page, 'lab-4-stops')
  const rows = (await csvOf(folderOfStudy)).trim().split('\r\n').slice(1)
  expect(rows).toHaveLength(8 * 4)
  expect(rows.filter((row) => /,true,\d+$/.test(row))).toHaveLength(8 * 2)
})

test('the Lab copies a table as text, saves a chart as SVG, takes corners by drag, saves a grid, and adds a strip to the timeline', async ({
  launch,
  folder,
}) => {
  test.setTimeout(240_000)
  const session = twoSamples(3, { stops: [], segments: [] })
  const preferences = { modelPath: tinyModel }
  const { app, page } = await launch({ userData: await prepareUserData(folder, { preferences, session }) })
  const run = page.getByRole('region', { name: 'Run' })
  await page.getByRole('radio', { name: 'Lab' }).click()
  await chooseTinySweep(page)
  await answerSaveDialog(app, join(folder, 'study'))
  await run.getByRole('button', { name: 'Run the study…' }).click()
  await expect(run.getByRole('button', { name: 'Run a new study…' })).toBeVisible({ timeout: 60_000 })

  const chart = join(folder, 'chart.svg')
  await answerSaveDialog(app, chart)
  await page.getByRole('button', { name: 'Save as SVG: Mean MSE' }).click()
  await expect(page.getByText('Chart saved', { exact: true })).toBeVisible()
  const svg = await readFile(chart, 'utf8')
  expect(svg).toMatch(/^<svg[^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
  expect(svg).toContain('<title>Mean MSE</title>')
  expect(svg).not.toMatch(/var\(|class=/)

  await page.getByRole('radio', { name: 'Table' }).click()
  await page.getByRole('button', { name: 'Copy table' }).click()
  await page.getByRole('menuitem', { name: 'Markdown' }).click()
  await expect(page.getByText('Table copied as Markdown', { exact: true })).toBeVisible()
  const text = await app.evaluate(({ clipboard }) => clipboard.readText())
  expect(text.trim().split('\n')).toHaveLength(2 + cells)
  expect(text).toMatch(/^\| Solver \| Spacing \| S \|/)
  await page.getByRole('region', { name: 'Results of the study' }).click({ button: 'right' })
  await expect(page.getByRole('menu')).toHaveCount(1)
  await page.getByRole('menuitem', { name: /as LaTeX/ }).click()
  await expect(page.getByText('Table copied as LaTeX', { exact: true })).toBeVisible()

  await page.getByRole('radio', { name: 'Interpolation' }).click()
  const region = page.getByRole('region', { name: 'Interpolation' })
  await expect(region).toContainText('From apple-golden to tomato-heart')
  const corners = region.getByRole('group', { name: 'Corners' })
  await tile(page, 'apple-golden').dragTo(corners)
  await expect(region).toContainText('From tomato-heart to apple-golden')
  await region.getByRole('radio', { name: 'Every path' }).click()
  await expect(region).toContainText('joined by every kind of path')
  await expect(region).not.toContainText('Slerp between two')
  await keepScreenshot(page, 'lab-3-corners')
  await region.getByRole('radio', { name: 'Seeds' }).click()
  await region.getByRole('radio', { name: 'Slerp' }).click()
  await region.getByRole('radio', { name: 'S 10' }).click()
  const grid = join(folder, 'grid.png')
  await answerSaveDialog(app, grid)
  await region.getByRole('button', { name: 'Save grid…' }).click()
  await expect(page.getByText('Grid saved', { exact: true })).toBeVisible({ timeout: 60_000 })
  expect((await readFile(grid)).subarray(1, 4).toString()).toBe('PNG')
  await region.getByRole('button', { name: 'Strip to the timeline' }).click()
  await expect(page.getByRole('button', { name: /^Stop 1: Seed 0/ })).toBeVisible()
  await expect(page.getByRole('button', { name: /^Segment 1: 11 frames/ })).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(page.getByRole('button', { name: /^Stop/ })).toHaveCount(0)
})
