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

  /** What each source was opened under last. */
  readonly #lastKeys = new LRUCache<string, string>({ max: modelsKept })

  /** @param openGraph  opens networks; the runtime alone unless given */
  constructor(private readonly openGraph?: OpenGraph) {}

  /** Opens a model, unless it is open and its files are as they were. @throws StudioError as `openModel` */
  async open(source: ModelSource): Promise<Model> {
    const name = JSON.stringify(source)
    try {
      const key = JSON.stringify([source, await stampModel(source.path)])
      this.#lastKeys.set(name, key)
      const opened = this.#models.get(key) ?? openModel(source, this.openGraph, this.#turns)
      this.#models.set(key, opened, { noDisposeOnSet: true })
      opened.catch(() => this.#models.delete(key))
      return await opened
    } catch (error) {
      this.#lastKeys.delete(name)
      throw error
    }
  }

  /**
   * The same for what cannot wait for a look at the files: a model that is open is taken as it was last seen, and its files are
   * looked at meanwhile, for the next time.
   *
   * @throws StudioError as `openModel`, where the model was not open
   */
  async openAsSeen(source: ModelSource): Promise<Model> {
    const seen = this.#models.get(this.#lastKeys.get(JSON.stringify(source)) ?? '')
    const looked = this.open(source)
    if (!seen) return looked
    looked.catch(() => undefined)
    return seen
  }

  /** Lets evaluations of the models that are computed here wait, as {@link Turns.hold} says. */
  hold(): void {
    this.#turns.hold()
  }

  /** Runs work that needs files and no model, as {@link Turns.giveWayTo} says. */
  giveWayTo<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.giveWayTo(work)
  }
}
