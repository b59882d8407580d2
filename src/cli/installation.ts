import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findInstallation, type Installation as Place } from '#files/installation'
import { forkEngine } from '#host/forkPort'
import type { EnginePort } from '#shared/engineMessages'

/** What commands run on: where the program lies, and how processes are started there. */
export interface Installation extends Place {
  /**
   * Starts a process of the program by its entry.
   *
   * @param log  gets what the process prints; left out, that goes where the command's own output goes
   */
  readonly fork: (entry: string, log: ((text: string) => void) | undefined, allowTf32: boolean) => EnginePort
}

/** The installation that this code lies in, under plain Node. */
export function nodeInstallation(): Installation {
  return { ...findInstallation(), fork: forkEngine }
}

/** A model by the name of a bundled one, or by path. */
export function locateModel({ resources }: Installation, model: string): string {
  const bundled = join(resources, 'models', model)
  return !existsSync(model) && existsSync(bundled) ? bundled : model
}

/** Whether a model came with the program, which has been tried with it. */
export function isBundled({ resources }: Installation, path: string): boolean {
  return path.startsWith(join(resources, 'models'))
}
