import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Returns where programs without a window keep data that cannot be recreated, or is too large for that, by
 * each system's convention.
 */
export function dataFolder(): string {
  const { XDG_DATA_HOME, LOCALAPPDATA } = process.env
  if (process.platform === 'win32')
    return join(LOCALAPPDATA || join(homedir(), 'AppData/Local'), 'slerp-studio', 'data')
  if (process.platform === 'darwin') return join(homedir(), 'Library/Application Support/slerp-studio')
  return join(XDG_DATA_HOME || join(homedir(), '.local/share'), 'slerp-studio')
}
