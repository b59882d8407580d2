import type { ElectronApplication } from '@playwright/test'

/** Has the next save dialogs answered with `path`, or cancelled with null: the system's own cannot be clicked by a test. */
export async function answerSaveDialog(app: ElectronApplication, path: string | null): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: filePath === null, filePath: filePath ?? '' })
  }, path)
}

/** Has the next open dialogs answered with `paths`; none cancels. */
export async function answerOpenDialog(app: ElectronApplication, paths: readonly string[]): Promise<void> {
  await app.evaluate(
    ({ dialog }, filePaths) => {
      dialog.showOpenDialog = async () => ({ canceled: filePaths.length === 0, filePaths })
    },
    [...paths],
  )
}

/** Chooses a command of the application menu, as a click on it would. */
export async function chooseMenu(app: ElectronApplication, id: string): Promise<void> {
  await app.evaluate(({ Menu }, item) => Menu.getApplicationMenu()?.getMenuItemById(item)?.click(), id)
}

/** Has the next message boxes answered with the button of this label. */
export async function answerMessageBox(app: ElectronApplication, label: string): Promise<void> {
  await app.evaluate(({ dialog }, button) => {
    // Both of its signatures end in the options.
    dialog.showMessageBox = async (...args: unknown[]) => {
      const { buttons = [] } = args.at(-1) as { buttons?: string[] }
      return { response: buttons.indexOf(button), checkboxChecked: false }
    }
  }, label)
}
