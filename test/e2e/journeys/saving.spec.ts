import { join } from 'node:path'
import { answerSaveDialog, chooseMenu } from '../dialogs'
import { enginePid } from '../engine'
import { expect, test } from '../harness'
import { keepScreenshot, tile } from './screen'
import { prepareUserData, tinyModel } from './userData'

test('a slow save shows that it is saving (would catch a Save that seems to do nothing)', async ({
  launch,
  folder,
}) => {
  const { app, page } = await launch({
    userData: await prepareUserData(folder, { preferences: { modelPath: tinyModel } }),
  })
  await tile(page, 'Apple golden').dblclick()
  const engine = (await enginePid(app))!
  await answerSaveDialog(app, join(folder, 'film.slerp'))
  // Simulates an engine in the middle of a long evaluation.
  process.kill(engine, 'SIGSTOP')
  await chooseMenu(app, 'saveProject')
  const saving = page.getByText('Saving…')
  // It becomes visible only after a moment, because saving is usually quick.
  await expect(saving).toHaveCSS('opacity', '1')
  await keepScreenshot(page, 'saving')
  process.kill(engine, 'SIGCONT')
  await expect(saving).toBeHidden({ timeout: 60_000 })
  await expect(page.getByRole('heading', { name: 'film', exact: true })).toBeVisible()
})
