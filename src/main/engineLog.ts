import { createWriteStream } from 'node:fs'
import { join } from 'node:path'

/**
 * Opens `engine.log` in `folder`, anew for each run of the app.
 *
 * @returns what takes the engine's output
 */
export function openEngineLog(folder: string): (text: string) => void {
  const file = createWriteStream(join(folder, 'engine.log'))
  // A log that cannot be written must not take the app down with it.
  file.on('error', (error) => console.error(error.message))
  return (text) => {
    file.write(text)
    process.stderr.write(`[engine] ${text}`)
  }
}
