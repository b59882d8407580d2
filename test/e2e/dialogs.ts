import type { ElectronApplication } from '@playwright/test'

/** Answers the next save dialogs with `path`, or cancels them with null; tests cannot click system ones. */
export async function answerSaveDialog(app: ElectronApplication, path: string | null): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: filePath === null, filePath: filePath ?? '' })
  }, path)
}

/** Answers the next open dialogs with `paths`; an empty list cancels. */
export async function answerOpenDialog(app: ElectronApplication, paths: readonly string[]): Promise<void> {
  await app.evaluate(
    ({ dialog }, filePaths) => {
      dialog.showOpenDialog = async () => ({ canceled: filePaths.length === 0, filePaths })
    },
    [...paths],
  )
}

/** Chooses a command of the application menu, as a click would. */
export async function chooseMenu(app: ElectronApplication, id: string): Promise<void> {
  await app.evaluate(({ Menu }, item) => Menu.getApplicationMenu()?.getMenuItemById(item)?.click(), id)
}

/** Answers the next message boxes with the button of this label. */
export async function answerMessageBox(app: ElectronApplication, label: string): Promise<void> {
  await app.evaluate(({ dialog }, button) => {
    // The options come last in both of its signatures.
    dialog.showMessageBox = async (...args: unknown[]) => {
      const { buttons = [] } = args.at(-1) as { buttons?: string[] }
      return { response: buttons.indexOf(button), checkboxChecked: false }
    }
  }, label)
}
