import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { findInstallation, type Installation } from '#files/installation'
import { forkEngine } from '#host/forkPort'
import { isPartOfModel } from '#shared/fileKinds'
import type { EnginePort } from '#shared/engineMessages'

/** The environment of commands: where the program is installed, and how it starts processes. */
export interface CommandEnvironment extends Installation {
  /**
   * Starts a process of the program by its entry.
   *
   * @param log  receives what the process prints; without it, that goes to the command's own output
   */
  readonly fork: (entry: string, log: ((text: string) => void) | undefined, allowTf32: boolean) => EnginePort
}

/** Returns the environment of commands under plain Node: the installation that contains this code. */
export function nodeEnvironment(): CommandEnvironment {
  return { ...findInstallation(), fork: forkEngine }
}

/**
 * Resolves the name of a bundled model, or a path. A file or folder of such a name in the current folder counts only
 * if it is a model: `sample -o fruits-96` makes a folder of pictures.
 */
export function locateModel({ resources }: CommandEnvironment, model: string): string {
  const bundled = join(resources, 'models', model)
  return mayBeModel(bundled) && !mayBeModel(model) ? bundled : model
}

/** Whether a path is that of a file, or of a folder with a model or the snapshots of one. */
function mayBeModel(path: string): boolean {
  if (!existsSync(path)) return false
  try {
    return readdirSync(path).some((name) => isPartOfModel(name) || name === 'snapshots')
  } catch {
    return true
  }
}

/** Whether a model was bundled with the program, and therefore tested with it. */
export function isBundled({ resources }: CommandEnvironment, path: string): boolean {
  return path.startsWith(join(resources, 'models'))
}
