/** Entry of the installed app, whose one program is both the window and the command line. */
import { commandArguments } from './commandArguments'

const command = commandArguments(process.argv)
if (command === null) {
  await import('./index')
} else {
  const { runCommand } = await import('./commandLine')
  // Electron is ready only when this module has ended, so the command cannot be waited for here.
  void runCommand(command)
}
