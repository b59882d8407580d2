import { LRUCache } from 'lru-cache'
import PQueue from 'p-queue'
import type { ModelSource } from '#shared/settings'
import type { PredictEpsilon } from '#core/diffusion/prediction'
import type { EncodedPicture, RoundTrip } from '../latent/encodedPicture'
import type { Model } from '../model/model'
import { stampModel } from '../model/folders/modelParts'
import { openModel } from '../model/openModel'
import type { OpenGraph } from '../model/network/optimizedGraphs'
import type { RequestContext } from '../serve'
import { AbortableMemo } from './AbortableMemo'

/** Who goes first when several requests want the network: a person who drags the playhead waits for nobody's export. */
export const priorities = { interactive: 2, encode: 1, export: 0 } as const
export type Priority = keyof typeof priorities

/** What every request of one engine process shares. All of it is cache: an engine that starts anew loses only time. */
export interface EngineServices {
  openModel(source: ModelSource): Promise<Model>
  /** Paths that exports are being written to. */
  readonly exportTargets: Set<string>
  /** A predictor that takes turns with all others, one evaluation at a time, and stops when its request is cancelled. */
  predictor(model: Model, context: RequestContext, priority: Priority): PredictEpsilon
  readonly encodedPictures: AbortableMemo<EncodedPicture>
  readonly roundTrips: AbortableMemo<RoundTrip>
  /** PNG bytes of decoded frames, by what decides their pixels. */
  readonly frames: LRUCache<string, Uint8Array>
}

const modelsKept = 2
const picturesKept = 256
const frameBytesKept = 256 * 2 ** 20

/**
 * Makes the services of an engine process: nothing is open or computed yet.
 *
 * @param openGraph  opens networks; the runtime alone unless given
 */
export function createEngineServices(openGraph?: OpenGraph): EngineServices {
  // The runtime uses all its threads for one evaluation, so two at once would only slow each other down.
  const turns = new PQueue({ concurrency: 1 })
  const models = new LRUCache<string, Promise<Model>>({
    max: modelsKept,
    dispose: (model) => void model.then((opened) => opened.close()).catch(() => undefined),
  })
  return {
    async openModel(source) {
      const key = JSON.stringify([source, await stampModel(source.path)])
      const opened = models.get(key) ?? openModel(source, openGraph)
      models.set(key, opened, { noDisposeOnSet: true })
      opened.catch(() => models.delete(key))
      return opened
    },
    predictor(model, { signal, computesOn }, priority) {
      return async (x, timestep, out) => {
        signal.throwIfAborted()
        computesOn(model.compute)
        return turns.add(() => model.predict(x, timestep, out), { priority: priorities[priority], signal })
      }
    },
    exportTargets: new Set(),
    encodedPictures: new AbortableMemo(picturesKept),
    roundTrips: new AbortableMemo(picturesKept),
    frames: new LRUCache({ maxSize: frameBytesKept, sizeCalculation: (png) => png.byteLength }),
  }
}
