/**
 * Settings that must be made before Electron is ready; importing this module makes them. It is the first
 * import of the app's entry, and is also built as a CommonJS file for `electron --require`, because not every
 * runtime waits for an ES-module entry before it becomes ready.
 */
import { app, protocol } from 'electron'
import { appId } from './appId'
import { appScheme, networkSilence } from './confinement'

if (!app.isReady()) {
  // Root in a container has to pass --no-sandbox; reversing that would end child processes at once.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  for (const [name, value] of Object.entries(networkSilence)) app.commandLine.appendSwitch(name, value)
  if (process.platform === 'win32') app.setAppUserModelId(appId)
  // A standard, secure scheme gives its pages an origin.
  const privileges = { standard: true, secure: true, supportFetchAPI: true }
  protocol.registerSchemesAsPrivileged([{ scheme: appScheme, privileges }])
}
