import type { EngineRoutes, RouteRequest } from '#shared/contract'
import { decodeNfe, nfe } from '#core/diffusion/cost'
import { isLed } from '#shared/guidance'
import { shownFrames } from '#shared/exportFormats'
import { countFrames, sourcesOf } from '#core/timeline/timeline'
import { partsOf, type LatentSource } from '#shared/latentSource'
import type { PartCost } from '../job/combineProgress'

/** Writing one frame to the output takes about as long as one evaluation of fruits-64. */
const writeCost = 1

/**
 * The cost of an export in evaluations of one picture: one part per stop, then the frames, then the file.
 *
 * @param cleanTimestep  of the model's schedule
 */
export function costOfExport(
  { plan, target, ...request }: RouteRequest<EngineRoutes['animation.export']>,
  cleanTimestep: number,
): PartCost[] {
  const decode = { ...request.decode, cleanTimestep }
  const count = countFrames(plan)
  const stops = sourcesOf(plan).map((source): PartCost => {
    const encode = encodingCost(source, cleanTimestep)
    if (encode === 0) return {}
    return source.kind === 'picture' ? { encode, decode: nfe(decode).decode } : { encode }
  })
  const shown = shownFrames(count, target)
  const perFrame = decodeNfe(decode, isLed(sourcesOf(plan)))
  return [...stops, { decode: new Set(shown).size * perFrame }, { write: shown.length * writeCost }]
}

/** Counts the evaluations for encoding all pictures that a latent is made from. */
function encodingCost(source: LatentSource, cleanTimestep: number): number {
  if (source.kind === 'picture') return nfe({ ...source.encode, cleanTimestep }).encode
  return partsOf(source).reduce((sum, part) => sum + encodingCost(part, cleanTimestep), 0)
}
