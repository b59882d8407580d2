import { createWriteStream } from 'node:fs'
import { join } from 'node:path'

/** The log's name in the folder of logs. */
export const engineLogName = 'engine.log'

/**
 * Opens `engine.log` in `folder`, anew for each run of the app.
 *
 * @returns what takes the engine's output
 */
export function openEngineLog(folder: string): (text: string) => void {
  const file = createWriteStream(join(folder, engineLogName))
  // A log that cannot be written must not take the app down with it.
  file.on('error', (error) => console.error(error.message))
  return (text) => {
    file.write(text)
    process.stderr.write(`[engine] ${text}`)
  }
}
