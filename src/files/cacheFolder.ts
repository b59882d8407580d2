import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where programs without a window keep what they can make again: by each system's custom. */
export function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  if (process.platform === 'win32')
    return join(LOCALAPPDATA || join(homedir(), 'AppData/Local'), 'slerp-studio')
  if (process.platform === 'darwin') return join(homedir(), 'Library/Caches/slerp-studio')
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'slerp-studio')
}

/** Where latents and frames are kept. */
export function resultsFolder(): string {
  return join(cacheFolder(), 'results')
}
