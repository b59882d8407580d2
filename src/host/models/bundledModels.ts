import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Returns the folders of the bundled models, sorted by name. */
export async function bundledModels(resources: string): Promise<string[]> {
  const folder = join(resources, 'models')
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
    .sort()
}
