import type { OutputFiles } from '../OutputFiles'
import type { WriteGrants } from '../WriteGrants'
import type { HandlersOf } from './handlers'

export function outputHandlers(outputs: OutputFiles, grants: WriteGrants): HandlersOf<'output'> {
  return {
    async 'output.open'({ path, overwrite }) {
      grants.require(path)
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
