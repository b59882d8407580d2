import type { EngineRoutes, RouteRequest } from '#shared/contract'
import { shownFrames } from '#shared/exportFormats'
import { countFrames, sourcesOf } from '#core/timeline/timeline'
import { partsOf, type LatentSource } from '#shared/latentSource'
import type { PartCost } from '../job/combineProgress'

/** Writing one frame to the output takes about as long as one evaluation of fruits-64. */
const writeCost = 1

/** The cost of an export in evaluations of one picture: one part per stop, then the frames, then the file. */
export function costOfExport({
  plan,
  decode,
  target,
}: RouteRequest<EngineRoutes['animation.export']>): PartCost[] {
  const count = countFrames(plan)
  const stops = sourcesOf(plan).map((source): PartCost => {
    const encode = encodingSteps(source)
    if (encode === 0) return {}
    return source.kind === 'picture' ? { encode, decode: decode.steps } : { encode }
  })
  const shown = shownFrames(count, target)
  return [...stops, { decode: new Set(shown).size * decode.steps }, { write: shown.length * writeCost }]
}

/** Counts the encoding steps of all pictures that a latent is made from. */
function encodingSteps(source: LatentSource): number {
  if (source.kind === 'picture') return source.encode.steps
  return partsOf(source).reduce((sum, part) => sum + encodingSteps(part), 0)
}
