import type { Page } from '@playwright/test'

/** Chooses DDIM and 2M on linear and Karras timesteps, in 2 and in 3 steps. */
export async function chooseTinySweep(page: Page): Promise<void> {
  await page.getByRole('group', { name: 'Solvers' }).getByRole('button', { name: 'AB2' }).click()
  for (const steps of ['2', '3']) {
    await page.getByRole('textbox', { name: 'Other steps' }).fill(steps)
    await page.keyboard.press('Enter')
  }
  const counts = page.getByRole('group', { name: 'Steps' })
  for (const steps of ['10', '20', '50'])
    await counts.getByRole('button', { name: steps, exact: true }).click()
  await page.getByRole('switch', { name: /the paper’s figures/ }).click()
}
