import type { DocumentLatent } from '#shared/document'
import { baseName } from '#core/format/baseName'

/** Describes in a short line what a latent of the library is made from. */
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

const kindNames: Record<DocumentLatent['kind'], string> = {
  seed: 'A seed',
  file: 'A latent file',
  mix: 'A mix',
  direction: 'A latent moved along a direction',
  principal: 'A latent moved along a direction',
  walk: 'A point on a walk',
  unknown: 'This item',
}

/** Explains that there is no source picture with which this latent’s reconstruction could be compared. */
export function describeNoSource({ kind }: DocumentLatent): string {
  return `${kindNames[kind]} has no picture to compare with`
}
