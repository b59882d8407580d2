import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** The folders of the models that came with the program, by name. */
export async function bundledModels(resources: string): Promise<string[]> {
  const folder = join(resources, 'models')
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
    .sort()
}
