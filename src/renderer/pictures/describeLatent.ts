import type { DocumentLatent } from '#shared/document'
import { baseName } from '#core/format/baseName'

/** Describes where a latent of the library comes from in a short line. */
export function describeLatent(latent: DocumentLatent): string {
  switch (latent.kind) {
    case 'seed':
      return `Drawn from seed ${latent.seed}`
    case 'file':
      return `Latent file ${baseName(latent.path)}`
    case 'mix':
      return `Mix of ${latent.parts.length}`
    case 'direction':
      return `Moved ${latent.strength.toFixed(1)} along a direction`
    case 'principal':
      return `Moved ${latent.strength.toFixed(1)} σ along principal direction ${latent.component + 1}`
    case 'walk':
      return `${latent.angle}° away, at ${Math.round(latent.turn * 360)}° round the circle`
    case 'unknown':
      return 'Made by a newer version, or missing'
  }
}
