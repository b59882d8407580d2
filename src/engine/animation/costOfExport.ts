import type { EngineRoutes, RouteRequest } from '#shared/contract'
import { shownFrames } from '#shared/exportFormats'
import { countFrames, sourcesOf } from '#core/timeline/timeline'
import type { PartCost } from '../job/combineProgress'

/** Writing one frame into the output takes about as long as one evaluation of the bundled model. */
const writeCost = 1

/** What an export costs, in evaluations of one picture: one part a stop, then its frames, then its file. */
export function costOfExport({
  plan,
  decode,
  target,
}: RouteRequest<EngineRoutes['animation.export']>): PartCost[] {
  const count = countFrames(plan)
  const stops = sourcesOf(plan).map((source): PartCost =>
    source.kind === 'picture' ? { encode: source.encode.steps, decode: decode.steps } : {},
  )
  const shown = shownFrames(count, target)
  return [...stops, { decode: new Set(shown).size * decode.steps }, { write: shown.length * writeCost }]
}
