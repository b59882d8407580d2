// Loaded before the app: makes it ready only once Playwright has connected.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- Electron loads such files as CommonJS
const { app } = require('electron')

const whenReady = app.whenReady.bind(app)
const connected = new Promise((resolve) => {
  // Playwright calls this function when it has connected. Its own loader waits in the same way, but also adds
  // switches that no user's app has.
  globalThis.__playwright_run = resolve
})
app.whenReady = () => connected.then(whenReady)
