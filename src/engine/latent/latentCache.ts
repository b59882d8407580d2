import type { ContentCache } from '#files/ContentCache'
import { AbortableMemo } from '../job/AbortableMemo'
import { KeptMemo } from '../job/KeptMemo'
import { Pictures } from '../image/Pictures'
import type { Encoding, RoundTrip } from './encodedPicture'

/** What is kept of pictures and their latents: an engine that starts anew loses only time. */
export interface LatentCache {
  readonly pictures: Pictures
  readonly encodings: KeptMemo<Encoding>
  readonly roundTrips: KeptMemo<RoundTrip>
}

const latentsKept = 256

/**
 * A cache with nothing in memory.
 *
 * @param disk  where results outlive the engine; left out, they are kept in memory alone
 */
export function createLatentCache(pictures = new Pictures(), disk?: ContentCache): LatentCache {
  return {
    pictures,
    encodings: new KeptMemo('encoding', new AbortableMemo({ max: latentsKept }), disk),
    roundTrips: new KeptMemo('roundTrip', new AbortableMemo({ max: latentsKept }), disk),
  }
}
