import type { DocumentLatent } from '#shared/document'
import { baseName } from '../labels/baseName'

/** Where a latent of the library comes from, as a short line. */
export function describeLatent(latent: DocumentLatent): string {
  switch (latent.kind) {
    case 'seed':
      return `Drawn from seed ${latent.seed}`
    case 'file':
      return `Latent file ${baseName(latent.path)}`
    case 'mix':
      return `Mix of ${latent.parts.length}`
    case 'unknown':
      return 'Made by a newer version, or missing'
  }
}
