import { AbortableMemo } from '../job/AbortableMemo'
import { Pictures } from '../image/Pictures'
import type { EncodedPicture, RoundTrip } from './encodedPicture'

/** What is kept of pictures and their latents: an engine that starts anew loses only time. */
export interface LatentCache {
  readonly pictures: Pictures
  readonly encoded: AbortableMemo<EncodedPicture>
  readonly roundTrips: AbortableMemo<RoundTrip>
}

const latentsKept = 256

/** A cache with nothing in it. */
export function createLatentCache(pictures = new Pictures()): LatentCache {
  return {
    pictures,
    encoded: new AbortableMemo({ max: latentsKept }),
    roundTrips: new AbortableMemo({ max: latentsKept }),
  }
}
