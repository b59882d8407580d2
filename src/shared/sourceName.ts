import type { z } from 'zod'
import { baseName } from '#core/format/baseName'
import { joinNames } from '#core/format/lists'
import type { studyStop } from './lab'
import type { latentSource } from './latentSource'

/** A latent in a request, where values with defaults may be left out. */
type NamedSource = z.input<typeof latentSource> | z.input<typeof studyStop>

/** Names a latent after its origin: "apple.png", "seed 7", "mix of apple.png and 2 × seed 7". */
export function sourceName(source: NamedSource): string {
  switch (source.kind) {
    case 'picture':
      return baseName(source.picture.path)
    case 'file':
      return baseName(source.path)
    case 'seed':
      return `seed ${source.seed}`
    case 'mix': {
      const parts = source.parts.map(
        ({ latent, weight }) => `${weight === 1 ? '' : `${weight} × `}${sourceName(latent)}`,
      )
      return `mix of ${joinNames(parts)}`
    }
    case 'direction':
      return `${sourceName(source.from)} moved ${source.strength} towards ${joinNames(source.plus.map(sourceName))}`
    case 'principal':
      return `${sourceName(source.from)} moved ${source.strength} σ along principal direction ${source.component + 1}`
    case 'walk':
      return `${sourceName(source.around)} turned ${source.angle}° by seed ${source.seed}, at ${source.turn} of the circle`
  }
}
