import { classNameOf, unsupportedOption, type ConfigClass, unknownOptions } from '../configFile'
import type { z } from 'zod'
import type { Autoencoder } from './Autoencoder'
import { readKl, readVq } from './klOrVq'
import { klClass, vqClass } from './klOrVqConfig'
import { readTiny, tinyClass } from './tiny'

/** One class of autoencoders. */
interface AutoencoderRow extends Pick<ConfigClass<z.ZodObject>, 'className' | 'schema'> {
  readonly read: (json: unknown, path: string) => Autoencoder
}

/** The supported classes. A file that does not name its class is assumed to be of the first. */
const autoencoders: readonly AutoencoderRow[] = [
  { ...klClass, read: readKl },
  { ...vqClass, read: readVq },
  { ...tinyClass, read: readTiny },
]

/**
 * Reads the configuration of an autoencoder.
 *
 * @param json  content of config.json
 * @param path  of that file, for messages
 * @returns the autoencoder, and the options in the file that its class does not have
 * @throws StudioError UNSUPPORTED naming an unsupported class or value, BAD_MODEL for contradictory values
 */
export function readAutoencoder(
  json: unknown,
  path: string,
): { autoencoder: Autoencoder; unknown: readonly string[] } {
  const className = classNameOf(json, path) ?? autoencoders[0].className
  const row = autoencoders.find((one) => one.className === className)
  if (!row) {
    const known = autoencoders.map((one) => one.className)
    throw unsupportedOption(path, '_class_name', className, known)
  }
  return { autoencoder: row.read(json, path), unknown: unknownOptions(json, row) }
}
