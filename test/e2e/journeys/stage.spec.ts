import { readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ElectronApplication, Page } from '@playwright/test'
import { answerSaveDialog } from '../dialogs'
import { expect, test } from '../harness'
import { dataOf, readPngChunks } from '../../fixtures/readPng'
import { expectEncoded, expectFinalFrame, keepScreenshot } from './screen'
import { prepareUserData, tinyModel, twoSamples } from './userData'

test.beforeEach(() => test.setTimeout(240_000))

/** The width and height in a PNG file's header. */
function sizeOfPng(bytes: Uint8Array): [number, number] {
  const header = dataOf(readPngChunks(Buffer.from(bytes)), 'IHDR')
  return [header.readUInt32BE(0), header.readUInt32BE(4)]
}

/** Where the colour changes in a row through the middle of the frame on the stage; nowhere while it has no size yet. */
function edgesOfFrame(page: Page): Promise<number[]> {
  return page.getByRole('img', { name: /^Frame 1 of/ }).evaluate((element) => {
    const canvas = element as HTMLCanvasElement
    if (canvas.width === 0 || canvas.height === 0) return []
    const { data } = canvas.getContext('2d')!.getImageData(0, Math.floor(canvas.height / 2), canvas.width, 1)
    const edges: number[] = []
    for (let x = 1; x < canvas.width; x++) {
      if ([0, 1, 2, 3].some((at) => data[x * 4 + at] !== data[(x - 1) * 4 + at])) edges.push(x)
    }
    return edges
  })
}

async function resize(app: ElectronApplication, width: number, height: number, zoom = 1): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow }, [w, h, factor]) => {
      const [window] = BrowserWindow.getAllWindows()
      window.setContentSize(w, h)
      window.webContents.setZoomFactor(factor)
    },
    [width, height, zoom],
  )
}

test('a small picture has sharp pixels of one integer size, zooms, and is smoothed only on request', async ({
  launch,
  folder,
}) => {
  const userData = await prepareUserData(folder, {
    preferences: { modelPath: tinyModel },
    session: twoSamples(6),
  })
  const { app, page } = await launch({ userData })
  await resize(app, 1440, 900)
  await expectFinalFrame(page)
  const zoom = page.getByRole('status', { name: 'Zoom' })
  await expect(zoom).toHaveText(/^16 × 16 · \d+×$/)
  const scale = Number(/(\d+)×$/.exec((await zoom.textContent())!)![1])
  let edges: number[] = []
  await expect.poll(async () => (edges = await edgesOfFrame(page)).length).toBeGreaterThan(4)
  // All changes of colour are multiples of `scale` apart, so all pixels are squares of one size.
  expect(edges.filter((x) => (x - edges[0]) % scale !== 0)).toEqual([])

  await page.keyboard.press('+')
  await expect(zoom).not.toHaveText(new RegExp(`· ${scale}×$`))
  await page.keyboard.press('0')
  await expect(zoom).toHaveText(new RegExp(`· ${scale}×$`))

  const ways = page.getByRole('button', { name: /how pixels are shown/ })
  await ways.click()
  await page.getByRole('menuitemradio', { name: /^Lanczos/ }).click()
  await expect(ways).toHaveAccessibleName(/^Lanczos/)
  await expect.poll(async () => (await edgesOfFrame(page)).length).toBeGreaterThan(edges.length)
  await page.keyboard.press('Escape')
  await page.keyboard.press('p')
  await expect(ways).toHaveAccessibleName(/^Sharp/)
})

test('the stops appear beside a frame if there is room, and a frame can be copied, saved and dragged out', async ({
  launch,
  folder,
}) => {
  const userData = await prepareUserData(folder, {
    preferences: { modelPath: tinyModel },
    session: twoSamples(6),
  })
  const { app, page } = await launch({ userData })
  await resize(app, 1440, 900)
  await expectFinalFrame(page)
  const stop = page.getByRole('img', { name: 'tomato-heart', exact: true })
  const beside = page.getByRole('button', { name: 'Stops beside the frame' })
  await beside.click()
  await expect(stop).toBeVisible()
  await beside.click()
  await expect(stop).toBeHidden()
  await beside.click()
  await resize(app, 960, 600)
  await expect(stop).toBeHidden()
  await expect(beside).toBeHidden()
  await resize(app, 1440, 900)
  await expect(stop).toBeVisible()

  await page.getByRole('button', { name: /^Copy frame/ }).click()
  await expect(page.getByText('apple-golden to tomato-heart, frame 1 copied', { exact: true })).toBeVisible()
  await page.evaluate(() => {
    const target = globalThis as unknown as { pasted: Promise<string[]> }
    target.pasted = new Promise((resolve) =>
      window.addEventListener(
        'paste',
        (event) => {
          event.stopImmediatePropagation()
          resolve([...(event.clipboardData?.files ?? [])].map(({ type }) => type))
        },
        { capture: true, once: true },
      ),
    )
  })
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].webContents.paste())
  expect(await page.evaluate(() => (globalThis as unknown as { pasted: Promise<string[]> }).pasted)).toEqual([
    'image/png',
  ])

  const path = join(folder, 'frame.png')
  await answerSaveDialog(app, path)
  await page.getByRole('button', { name: 'Save frame…' }).click()
  await expect(page.getByText('Frame saved', { exact: true })).toBeVisible()
  const saved = await readFile(path)
  expect(sizeOfPng(saved)).toEqual([128, 128])
  expect(saved.includes('Slerp Studio')).toBe(true)

  await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0].webContents
    contents.startDrag = (item) => void Object.assign(globalThis, { dragged: item.file })
  })
  await page.getByRole('img', { name: /^Frame 1 of/ }).dispatchEvent('dragstart')
  const dragged = () => app.evaluate(() => (globalThis as { dragged?: string }).dragged)
  await expect.poll(dragged).toBeTruthy()
  const file = (await dragged())!
  expect(basename(file)).toBe('apple-golden to tomato-heart, frame 1.png')
  expect((await stat(file)).size).toBeGreaterThan(100)
  expect(sizeOfPng(await readFile(file))).toEqual([128, 128])
})

const sizes = [
  [960, 600, 1],
  [1440, 900, 1],
  [2560, 1440, 1],
  [1440, 900, 2],
] as const

for (const theme of ['dark', 'light'] as const) {
  test(`the stage renders in the ${theme} theme (with screenshots for review)`, async ({
    launch,
    folder,
  }) => {
    const userData = await prepareUserData(folder, { preferences: { theme }, session: twoSamples(4) })
    const { app, page } = await launch({ userData })
    await expectFinalFrame(page)
    await expectEncoded(page, 'tomato-heart')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await expectFinalFrame(page)
    for (const [width, height, factor] of sizes) {
      await resize(app, width, height, factor)
      await page.waitForTimeout(400)
      await keepScreenshot(page, `stage-${theme}-${width}-${factor}`)
    }
  })
}
