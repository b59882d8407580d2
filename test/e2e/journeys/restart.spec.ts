import { expect, test } from '../harness'
import { expectFinalFrame, keepScreenshot, setNumber, tile } from './screen'
import { prepareUserData, tinyModel } from './userData'

test('the current work is restored after a restart', async ({ launch, folder }) => {
  test.setTimeout(240_000)
  const userData = await prepareUserData(folder, { preferences: { modelPath: tinyModel, theme: 'light' } })
  const first = await launch({ userData })
  await first.page.getByRole('button', { name: 'Morph these two' }).click()
  await setNumber(first.page, 'Frames in total', 21)
  await setNumber(first.page, 'Frames per second', 15)
  await first.page.getByRole('radio', { name: /^Draft/ }).click()
  await tile(first.page, 'Cherry rainier').click()
  await first.page.getByRole('button', { name: 'Remove from library' }).click()
  await expect(first.page.getByRole('option')).toHaveCount(10)
  // Closing at once must not lose the latest change.
  await first.close()

  const { page } = await launch({ userData })
  await expect(page.getByRole('option')).toHaveCount(10)
  await expect(page.getByRole('button', { name: /^Stop 1: Apple granny smith/ })).toBeVisible()
  await expect(page.getByRole('spinbutton', { name: 'Frames in total' })).toHaveValue('21')
  await expect(page.getByRole('spinbutton', { name: 'Frames per second' })).toHaveValue('15')
  await expect(page.getByRole('radio', { name: /^Draft/ })).toBeChecked()
  await expectFinalFrame(page)
  await keepScreenshot(page, 'restart-1-light')
})

test('untouched work does not count as unsaved after a restart', async ({ launch, folder }) => {
  test.setTimeout(120_000)
  const userData = await prepareUserData(folder, { preferences: { modelPath: tinyModel } })
  const first = await launch({ userData })
  await expect(first.page.getByRole('option').first()).toBeVisible()
  await first.close()

  const { page } = await launch({ userData })
  await expect(page.getByRole('option').first()).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Untitled', exact: true })).toBeVisible()
  await expect(page.getByLabel('Not saved', { exact: true })).toHaveCount(0)
})
