import { existingOutput } from '#files/existingOutput'
import type { OutputFiles } from '../OutputFiles'
import type { HandlersOf } from './handlers'

/** Files that the window writes itself, piece by piece, such as videos, and what is in their place. */
export function outputHandlers(outputs: OutputFiles): HandlersOf<'output'> {
  return {
    'output.existing': ({ path }) => existingOutput(path),

    async 'output.open'({ path, overwrite }) {
      return { id: await outputs.open(path, overwrite) }
    },

    async 'output.write'({ id, position, bytes }) {
      await outputs.write(id, position, bytes)
      return null
    },

    async 'output.close'({ id, keep }) {
      return { bytes: await outputs.close(id, keep) }
    },
  }
}
