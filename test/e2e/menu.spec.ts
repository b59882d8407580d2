import { menuCommands } from '#shared/app'
import { collect, get } from './bridge'
import { chooseMenu } from './dialogs'
import { expect, test } from './harness'

/** All commands except those that reach outside the app: into a network, or to the system's file manager. */
const inside = menuCommands.filter((command) => command !== 'checkUpdates' && command !== 'showLogs')

test('every menu command that stays inside the app reaches the window', async ({ launch }) => {
  const { app, page } = await launch()
  await get(page, 'app.state', {})
  const heard = await collect(page, 'menu')
  for (const command of inside) await chooseMenu(app, command)
  await expect.poll(heard).toEqual(inside)
})
