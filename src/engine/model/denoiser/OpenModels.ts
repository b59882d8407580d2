import { LRUCache } from 'lru-cache'
import type { ModelSource } from '#shared/modelSource'
import type { ResultStore } from '#files/ContentCache'
import { stampModel } from '../folders/modelParts'
import type { Model } from './model'
import type { OpenGraph } from '../network/optimizedGraphs'
import { openModel } from './openModel'
import { Turns } from '../network/Turns'
import { SeenServers } from '../server/SeenServers'

const modelsKept = 2

/** The models that an engine keeps open; the least recently used is closed first. */
export class OpenModels {
  readonly #turns = new Turns()
  readonly #models = new LRUCache<string, Promise<Model>>({
    max: modelsKept,
    dispose: (model) => void model.then((opened) => opened.close()).catch(() => undefined),
  })

  /** The key under which each source was last opened. */
  readonly #lastKeys = new LRUCache<string, string>({ max: modelsKept })

  /** The devices and runtimes that the models' servers have computed with. */
  readonly seen: SeenServers

  /**
   * @param openGraph  opens networks; by default, the runtime alone
   * @param disk  where facts about servers outlive the engine
   */
  constructor(
    private readonly openGraph?: OpenGraph,
    disk?: ResultStore,
  ) {
    this.seen = new SeenServers(disk)
  }

  /**
   * Opens a model, or returns it if it is already open and neither its files nor its server have changed. Its server
   * may be unavailable: results can be looked up without it.
   *
   * @throws StudioError as `openModel`
   */
  async open(source: ModelSource): Promise<Model> {
    const name = JSON.stringify(source)
    try {
      const key = JSON.stringify([source, await stampModel(source.path)])
      this.#lastKeys.set(name, key)
      const opened = this.#models.get(key) ?? this.#open(source, key)
      this.#models.set(key, opened, { noDisposeOnSet: true })
      opened.catch(() => this.#models.delete(key))
      return await opened
    } catch (error) {
      this.#lastKeys.delete(name)
      throw error
    }
  }

  #open(source: ModelSource, key: string): Promise<Model> {
    const onReplaced = (): void => {
      if (this.#models.peek(key) === opened) this.#models.delete(key)
    }
    const opened = openModel(source, this.openGraph, this.#turns, { seen: this.seen, onReplaced })
    return opened
  }

  /**
   * Like {@link open}, for callers that cannot wait for a check of the files: an open model is returned as
   * last seen, while its files are checked in the background for the next call.
   *
   * @throws StudioError as `openModel`, if the model was not open
   */
  async openAsSeen(source: ModelSource): Promise<Model> {
    const seen = this.#models.get(this.#lastKeys.get(JSON.stringify(source)) ?? '')
    const looked = this.open(source)
    if (!seen) return looked
    looked.catch(() => undefined)
    return seen
  }

  /** Makes evaluations on this machine wait, as {@link Turns.hold} describes. */
  hold(): void {
    this.#turns.hold()
  }

  /** Runs work that needs files but no model, as {@link Turns.giveWayTo} describes. */
  giveWayTo<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.giveWayTo(work)
  }
}
