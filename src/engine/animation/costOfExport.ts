import type { EngineRoutes, RouteRequest } from '#shared/contract'
import { decodeNfe, nfe } from '#core/diffusion/cost'
import { anyPromptsDiffer } from '#shared/guidance'
import { shownFrames } from '#shared/exportFormats'
import { countFrames, sourcesOf } from '#core/timeline/timeline'
import { countPictures } from '#shared/pictureNames'
import { partsOf, type LatentSource } from '#shared/latentSource'
import { stableJson } from '#shared/stableJson'
import type { PartCost } from '../job/combineProgress'
import { promptsOfPicture } from '../job/conditionOf'
import type { PictureLatentSource } from '../latent/encodePicture'

/** Writing one frame to the output takes about as long as one evaluation of fruits-64. */
const writeCost = 1

/**
 * The cost of an export in evaluations of one picture: one part per stop, then the frames, then the file. Work that
 * occurs more than once is counted once: a stop that is like an earlier one, a picture in several stops, a frame of
 * a hold.
 *
 * @param cleanTimestep  of the model's schedule
 */
export function costOfExport(
  { plan, target, ...request }: RouteRequest<EngineRoutes['animation.export']>,
  cleanTimestep: number,
): PartCost[] {
  const decode = { ...request.decode, cleanTimestep }
  const stops = costOfStops(sourcesOf(plan), decode)
  const shown = shownFrames(countFrames(plan), target)
  const perFrame = decodeNfe(decode, anyPromptsDiffer(sourcesOf(plan)))
  return [...stops, { decode: countPictures(plan, shown) * perFrame }, { write: shown.length * writeCost }]
}

type CostedDecode = Parameters<typeof decodeNfe>[0]

/** Returns the cost of each stop: pictures are encoded, and those that are stops themselves decoded again. */
function costOfStops(sources: readonly LatentSource[], decode: CostedDecode): PartCost[] {
  const known = new Set<string>()
  const isNew = (name: string): boolean => !known.has(name) && !!known.add(name)
  const encodingCost = (picture: PictureLatentSource): number =>
    isNew(`encoding ${encodingName(picture)}`) ? nfe({ ...decode, ...picture.encode }).encode : 0
  return sources.map((source) => {
    if (!isNew(stableJson(source))) return {}
    const encode = picturesIn(source).reduce((sum, picture) => sum + encodingCost(picture), 0)
    if (source.kind === 'picture') return { encode, decode: decodeNfe(decode, anyPromptsDiffer([source])) }
    return encode === 0 ? {} : { encode }
  })
}

/** Returns all pictures that a latent is made from, possibly with repeats. */
function picturesIn(source: LatentSource): PictureLatentSource[] {
  return source.kind === 'picture' ? [source] : partsOf(source).flatMap(picturesIn)
}

/**
 * Identifies everything that a picture's encoding depends on. Its prompt is part of that only if it is also the
 * source prompt.
 */
function encodingName({ picture, encode, class: index, ...asked }: PictureLatentSource) {
  return stableJson([picture, encode, index, promptsOfPicture(asked).sourcePrompt])
}
