import { join } from 'node:path'
import { ask, get } from '../bridge'
import { answerSaveDialog } from '../dialogs'
import { expect, test } from '../harness'

test('another window’s requests are refused, even with the app’s own page and bridge in it', async ({
  studio: { app, page },
}) => {
  const opened = app.waitForEvent('window')
  await app.evaluate(({ BrowserWindow }) => {
    const [own] = BrowserWindow.getAllWindows()
    // The preload's path is unknown outside the app; a second window in its session is the strongest
    // attacker.
    const preload = (
      own.webContents as unknown as { _getPreloadPaths?: () => string[] }
    )._getPreloadPaths?.()[0]
    const window = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } })
    void window.loadURL('app://studio/index.html')
  })
  const foreign = await opened
  await foreign.waitForLoadState('load')
  const hasBridge = await foreign.evaluate(() => typeof window.studio)
  expect(hasBridge, 'the attacker has the bridge, or this test shows nothing').toBe('object')
  const answer = await ask(foreign, 'app.state', {})
  expect(answer).toMatchObject({ ok: false, error: { code: 'BAD_INPUT' } })
  expect(await ask(page, 'app.state', {})).toMatchObject({ ok: true })
})

test('a granted path allows no other path: not next to it, not below it, and not by another spelling', async ({
  studio: { app, page },
  folder,
}) => {
  const granted = join(folder, 'granted.gif')
  await answerSaveDialog(app, granted)
  expect(await ask(page, 'dialog.saveExport', { format: 'gif', name: 'granted' })).toEqual({
    ok: true,
    data: granted,
  })
  const others = [
    join(folder, 'other.gif'),
    `${granted}/below.gif`,
    join(folder, 'granted'),
    `${folder}/granted.gif/../other.gif`,
    folder,
    `${granted}\0.gif`,
  ]
  for (const path of others) {
    expect(await ask(page, 'output.open', { path, overwrite: true }), path).toMatchObject({
      ok: false,
      error: { code: 'UNWRITABLE' },
    })
  }
  const { id } = await get(page, 'output.open', { path: granted, overwrite: true })
  await get(page, 'output.close', { id, keep: false })
})
