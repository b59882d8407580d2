import { join } from 'node:path'
import { runCli } from '../../fixtures/cli'
import { InferenceStandIn } from '../../fixtures/inferenceServer'
import { answerMessageBox } from '../dialogs'
import { expect, test } from '../harness'
import { expectEncoded, keepScreenshot, tile } from './screen'
import { prepareUserData, tinyModel } from './userData'

for (const theme of ['dark', 'light'] as const) {
  test(`a server’s network is used on request, waited for while it is unreachable, and no longer used on request (${theme})`, async ({
    launch,
    folder,
  }) => {
    const repository = join(folder, 'repository')
    expect((await runCli(['export-onnx', tinyModel, '--to', repository])).code).toBe(0)
    const server = await InferenceStandIn.start(repository, [3, 16, 16])
    const preferences = { modelPath: tinyModel, theme }
    const { app, page } = await launch({ userData: await prepareUserData(folder, { preferences }) })
    const settings = page.getByRole('dialog', { name: 'Settings' })
    const badge = page.getByRole('status', { name: 'Compute device' })

    await page.getByRole('button', { name: 'Settings' }).click()
    await settings.getByLabel('Address').fill('gpu-server')
    await expect(settings.getByRole('alert')).toHaveCount(0)
    await settings.getByLabel('Address').press('Tab')
    await expect(settings.getByRole('alert')).toContainText('begins with http:// or https://')
    await expect(settings.getByLabel('Address')).toHaveAccessibleDescription(/begins with http/)
    await settings.getByRole('button', { name: 'Use this server' }).click()
    await expect(settings.getByLabel('Address')).toBeFocused()
    await settings.getByLabel('Address').fill(server.url)
    await expect(settings.getByRole('alert')).toHaveCount(0)
    await settings.getByLabel('Header').fill('Authorization: Bearer secret')
    await settings.getByLabel('Address').scrollIntoViewIfNeeded()
    await keepScreenshot(page, `server-1-settings-${theme}`)
    await answerMessageBox(app, 'Use this server')
    await settings.getByRole('button', { name: 'Use this server' }).click()
    await expect(settings.getByRole('button', { name: 'In use' })).toBeDisabled()
    await page.keyboard.press('Escape')

    await tile(page, 'Apple golden').click()
    await page.getByRole('button', { name: 'Encode', exact: true }).click()
    await expectEncoded(page, 'Apple golden')
    await expect(badge).toContainText(/Server.*unet version 1/s)
    expect(server.requests.length).toBeGreaterThan(10)
    expect(new Set(server.requests.map(({ authorization }) => authorization))).toEqual(
      new Set(['Bearer secret']),
    )

    await server.stop()
    await tile(page, 'Tomato heart').click()
    await page.getByRole('button', { name: 'Encode', exact: true }).click()
    const messages = page.getByRole('region', { name: 'Messages' })
    await expect(messages).toContainText('the work waits until it does')
    await keepScreenshot(page, `server-2-gone-${theme}`)
    await server.listen()
    await expectEncoded(page, 'Tomato heart')

    await page.getByRole('button', { name: 'Settings' }).click()
    await settings.getByRole('button', { name: 'Stop using this server' }).click()
    await expect(settings.getByLabel('Address')).toHaveValue('')
    await page.keyboard.press('Escape')
    await server.stop()
    await tile(page, 'Apple red yellow').click()
    await page.getByRole('button', { name: 'Encode', exact: true }).click()
    await expectEncoded(page, 'Apple red yellow')
    await expect(badge).toContainText('CPU')
  })
}
