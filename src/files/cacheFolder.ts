import { homedir } from 'node:os'
import { join } from 'node:path'

/** Returns where programs without a window keep what they can recreate, by each system's convention. */
export function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  if (process.platform === 'win32')
    return join(LOCALAPPDATA || join(homedir(), 'AppData/Local'), 'slerp-studio')
  if (process.platform === 'darwin') return join(homedir(), 'Library/Caches/slerp-studio')
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'slerp-studio')
}

/** Returns the folder where latents and frames are cached. */
export function resultsFolder(): string {
  return join(cacheFolder(), 'results')
}
