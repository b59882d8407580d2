// Loaded before the app: answers its first question, which precedes any window, with the first button.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- Electron loads such files as CommonJS
const { dialog } = require('electron')

const ask = dialog.showMessageBox
dialog.showMessageBox = (options) => {
  dialog.showMessageBox = ask
  globalThis.askedAtStart = options.message
  return Promise.resolve({ response: 0, checkboxChecked: false })
}
