import { createWriteStream } from 'node:fs'
import { join } from 'node:path'

/** The log's file name in the log folder. */
export const engineLogName = 'engine.log'

/**
 * Creates `engine.log` in `folder`, replacing that of the previous run.
 *
 * @returns a function that takes the engine's output
 */
export function openEngineLog(folder: string): (text: string) => void {
  const file = createWriteStream(join(folder, engineLogName))
  // A log that cannot be written must not crash the app.
  file.on('error', (error) => console.error(error.message))
  return (text) => {
    file.write(text)
    process.stderr.write(`[engine] ${text}`)
  }
}
