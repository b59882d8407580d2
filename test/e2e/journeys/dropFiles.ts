import type { Page } from '@playwright/test'

/** Drops files on the window, as at the end of a drag from the system's file manager. */
export async function dropFiles(page: Page, paths: readonly string[]): Promise<void> {
  await page.evaluate(() => {
    const input = document.createElement('input')
    Object.assign(input, { type: 'file', id: 'drop-source', multiple: true, hidden: true })
    document.body.append(input)
  })
  await page.locator('#drop-source').setInputFiles([...paths])
  await page.evaluate(() => {
    const input = document.querySelector<HTMLInputElement>('#drop-source')!
    const dataTransfer = new DataTransfer()
    for (const file of input.files!) dataTransfer.items.add(file)
    for (const type of ['dragenter', 'dragover', 'drop']) {
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
    }
    input.remove()
  })
}

/** Drops a picture of a web page that arrives only as an address. */
export async function dropAddress(page: Page, address: string): Promise<void> {
  await page.evaluate((text) => {
    const dataTransfer = new DataTransfer()
    dataTransfer.setData('text/uri-list', text)
    for (const type of ['dragenter', 'dragover', 'drop']) {
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
    }
  }, address)
}
