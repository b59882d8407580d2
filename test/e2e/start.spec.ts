import { expect, test } from './harness'

test('the app starts with one visible window', async ({ studio }) => {
  await expect(studio.page).toHaveTitle('Slerp Studio')
  await expect
    .poll(() =>
      studio.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((window) => window.isVisible()),
      ),
    )
    .toEqual([true])
  expect(studio.page.url()).toBe('app://studio/index.html')
})
