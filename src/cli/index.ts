/** Entry of the headless commands under plain Node. */
import { runCommandLine } from './commandLine'
import { nodeEnvironment } from './installation'

process.exitCode = await runCommandLine(process.argv.slice(2), nodeEnvironment())
