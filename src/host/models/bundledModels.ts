import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { bundledModelName } from '#files/installation'

/** Returns the folders of the bundled models: the default model first, then the others by name. */
export async function bundledModelFolders(resources: string): Promise<string[]> {
  const folder = join(resources, 'models')
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name))
  const isOther = (path: string) => Number(basename(path) !== bundledModelName)
  return folders.sort().sort((a, b) => isOther(a) - isOther(b))
}
