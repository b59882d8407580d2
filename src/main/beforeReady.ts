/**
 * What can only be settled before Electron is ready; importing it settles it. It is the first import of the app's entry,
 * and built as a CommonJS file of its own too, for `electron --require`: not every runtime waits for an entry that is an
 * ES module before it gets ready.
 */
import { app, protocol } from 'electron'
import { appScheme, networkSilence } from './confinement'

if (!app.isReady()) {
  // Root in a container has to pass --no-sandbox, and child processes end at once when that is taken back.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  for (const [name, value] of Object.entries(networkSilence)) app.commandLine.appendSwitch(name, value)
  // A standard, secure scheme gives its pages an origin.
  const privileges = { standard: true, secure: true, supportFetchAPI: true }
  protocol.registerSchemesAsPrivileged([{ scheme: appScheme, privileges }])
}
