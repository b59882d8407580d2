import type { ResultStore } from '#files/ContentCache'
import { AbortableMemo } from '../memo/AbortableMemo'
import { KeptMemo } from '../job/KeptMemo'
import { Pictures } from '../image/Pictures'
import type { Encoding, RoundTrip } from './encodedPicture'
import { encodeEncoding, encodeRoundTrip } from './keptTensors'

/** The cache of pictures and their latents; a restarted engine loses only time. */
export interface LatentCache {
  readonly pictures: Pictures
  readonly encodings: KeptMemo<Encoding>
  readonly roundTrips: KeptMemo<RoundTrip>
  /** PNG bytes of pictures as a model sees them. */
  readonly previews: KeptMemo<Uint8Array>
}

const latentsKept = 256
const previewsKept = 256

/**
 * Creates a cache with nothing in memory.
 *
 * @param disk  where results outlive the engine; if omitted, they are kept in memory only
 */
export function createLatentCache(pictures = new Pictures(), disk?: ResultStore): LatentCache {
  return {
    pictures,
    encodings: new KeptMemo('encoding', new AbortableMemo({ max: latentsKept }), encodeEncoding, disk),
    previews: new KeptMemo('preview', new AbortableMemo({ max: previewsKept }), (png) => png, disk),
    roundTrips: new KeptMemo('roundTrip', new AbortableMemo({ max: latentsKept }), encodeRoundTrip, disk),
  }
}
