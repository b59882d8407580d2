/** Entry of the installed app, whose single executable is both the window and the command line. */
import { commandArguments } from './commandArguments'

const command = commandArguments(process.argv)
if (command === null) {
  await import('./index')
} else {
  const { runCommand } = await import('./commandLine')
  // Electron becomes ready only after this module has finished, so the command cannot be awaited here.
  void runCommand(command)
}
