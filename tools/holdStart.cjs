// Loaded before the app: makes it ready only once its driver has connected and called `letStart`.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- Electron loads such files as CommonJS
const { app } = require('electron')

const whenReady = app.whenReady.bind(app)
const connected = new Promise((resolve) => {
  globalThis.letStart = resolve
})
app.whenReady = () => connected.then(whenReady)
