import { menuCommands } from '#shared/app'
import { collect, get } from './bridge'
import { chooseMenu } from './dialogs'
import { expect, test } from './harness'

test('every command of the menu reaches the window', async ({ launch }) => {
  const { app, page } = await launch()
  await get(page, 'app.state', {})
  const heard = await collect(page, 'menu')
  for (const command of menuCommands) await chooseMenu(app, command)
  await expect.poll(heard).toEqual([...menuCommands])
})
