import { expect, test } from '../harness'
import { keepScreenshot, setNumber } from './screen'
import { prepareUserData, tinyModel, twoSamples } from './userData'

const question = { name: 'Recover unsaved changes?' }

test('work up to the last second can be recovered after a crash, and recovery is not offered after a normal exit', async ({
  launch,
  folder,
}) => {
  test.setTimeout(240_000)
  const preferences = { modelPath: tinyModel }
  const userData = await prepareUserData(folder, { preferences, session: twoSamples(5) })
  const crashed = await launch({ userData })
  await setNumber(crashed.page, 'Frames per second', 17)
  // At most one second may be lost.
  await crashed.page.waitForTimeout(1000)
  crashed.app.process().kill('SIGKILL')
  await crashed.app.waitForEvent('close')

  const back = await launch({ userData })
  const dialog = back.page.getByRole('alertdialog', question)
  await expect(dialog).toBeVisible()
  await keepScreenshot(back.page, 'crash-1-offered')
  await dialog.getByRole('button', { name: 'Recover' }).click()
  const field = back.page.getByRole('spinbutton', { name: 'Frames per second' })
  await expect(field).toHaveValue('17')
  await back.close()

  const { page } = await launch({ userData })
  await expect(page.getByRole('spinbutton', { name: 'Frames per second' })).toHaveValue('17')
  await expect(page.getByRole('alertdialog', question)).toBeHidden()
})
