import { expect, test } from '../harness'
import { keepScreenshot } from './screen'

test.skip(process.platform !== 'linux' || process.arch !== 'x64', 'only there CUDA can be asked for')
// Hides any card that this machine has.
process.env['CUDA_VISIBLE_DEVICES'] = ''

test('if a device does not work, the work continues and the badge says on which device instead, and why', async ({
  studio,
}) => {
  const { page } = studio
  await page.keyboard.press('ControlOrMeta+,')
  const settings = page.getByRole('dialog', { name: 'Settings' })
  for (const [label, option] of [
    ['Device', 'CUDA'],
    ['Precision', /fp16/],
  ] as const) {
    await settings.getByRole('combobox', { name: label }).click()
    await page.getByRole('option', { name: option }).click()
  }
  await settings.getByRole('button', { name: 'Check' }).click()
  const devices = settings.getByRole('list', { name: 'Devices' }).getByRole('listitem')
  await expect(devices.filter({ hasText: /^CUDA/ })).toHaveText(/^CUDA (lacks|finds|needs|failed)/, {
    timeout: 200_000,
  })
  await keepScreenshot(page, 'devices-settings')
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'Morph these two' }).click()
  const badge = page.getByRole('status', { name: 'Compute device' })
  await expect(badge).toContainText('instead of CUDA', { timeout: 60_000 })

  // Opened and left by keyboard alone.
  await badge.getByRole('button').focus()
  await page.keyboard.press('Enter')
  const why = page.getByRole('dialog', { name: 'CPU instead of CUDA' })
  await expect(why).toContainText(/CPU.*CUDA.*computes in fp32/s)
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    await keepScreenshot(page, `devices-badge-${theme}`)
  }
  await page.keyboard.press('Escape')
  await expect(why).toBeHidden()
  await expect(badge.getByRole('button')).toBeFocused()
  await page.keyboard.press('Enter')
  await why.getByRole('button', { name: 'Device settings…' }).press('Enter')
  await expect(settings.getByRole('combobox', { name: 'Device' })).toBeVisible()
})
