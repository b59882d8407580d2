import { LRUCache } from 'lru-cache'
import type { ModelSource } from '#shared/modelSource'
import { stampModel } from '../folders/modelParts'
import type { Model } from './model'
import type { OpenGraph } from '../network/optimizedGraphs'
import { openModel } from './openModel'
import { Turns } from '../network/Turns'

const modelsKept = 2

/** The models that an engine keeps open, the least recently used going first. */
export class OpenModels {
  readonly #turns = new Turns()
  readonly #models = new LRUCache<string, Promise<Model>>({
    max: modelsKept,
    dispose: (model) => void model.then((opened) => opened.close()).catch(() => undefined),
  })

  /** @param openGraph  opens networks; the runtime alone unless given */
  constructor(private readonly openGraph?: OpenGraph) {}

  /** Opens a model, unless it is open and its files are as they were. @throws StudioError as `openModel` */
  async open(source: ModelSource): Promise<Model> {
    const key = JSON.stringify([source, await stampModel(source.path)])
    const opened = this.#models.get(key) ?? openModel(source, this.openGraph, this.#turns)
    this.#models.set(key, opened, { noDisposeOnSet: true })
    opened.catch(() => this.#models.delete(key))
    return opened
  }
}
