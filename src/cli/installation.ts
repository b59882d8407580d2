import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Where the program is installed: its resources, and the built entry of the engine process. */
export interface Installation {
  readonly root: string
  readonly engineEntry: string
  /** The built entry of the throw-away processes that check devices. */
  readonly probeEntry: string
}

/** A model by the name of a bundled one, or by path. */
export function locateModel({ root }: Installation, model: string): string {
  const bundled = join(root, 'resources/models', model)
  return !existsSync(model) && existsSync(bundled) ? bundled : model
}
