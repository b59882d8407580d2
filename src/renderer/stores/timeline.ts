import type { DocumentTimeline } from '#shared/document'
import type { Segment } from '#core/timeline/path'
import { defineStore } from 'pinia'
import { computed } from 'vue'
import { frameCount, isClosed, stopFrames } from '#core/timeline/path'
import { changeSegment, insertStop, removeStop, retime, setClosed } from '#core/timeline/pathEdits'
import type { TimelinePath } from '../timeline/stops'
import { useDocument } from './document'
import { isPicture, useLibrary, type Item } from './library'
import { useSettings } from './settings'

/** The path through items that becomes the animation: a view of the document. */
export const useTimeline = defineStore('timeline', () => {
  const document = useDocument()
  const library = useLibrary()
  const settings = useSettings()
  const partOf = <Key extends keyof DocumentTimeline>(key: Key) =>
    computed<DocumentTimeline[Key]>({
      get: () => document.value.timeline[key],
      set: (next) => document.change({ timeline: { ...document.value.timeline, [key]: next } }),
    })
  const fps = partOf('fps')
  const repeat = partOf('repeat')
  const pinned = partOf('pinned')
  const markers = partOf('markers')
  const workArea = partOf('workArea')
  const path = computed<TimelinePath>({
    // Keeps the object while the path is unchanged, so that what is computed from it is not recomputed when
    // only the frame rate changes.
    get: (before) => {
      const { stops, segments } = document.value.timeline
      return before?.stops === stops && before.segments === segments ? before : { stops, segments }
    },
    set: ({ stops, segments }) => {
      document.change({
        timeline: { ...document.value.timeline, stops: [...stops], segments: [...segments] },
      })
    },
  })

  /** The item of each stop, in order. */
  const items = computed(() =>
    path.value.stops
      .map(({ source }) => library.byId.get(source))
      .filter((one): one is Item => one !== undefined),
  )
  /** The items that are pictures. */
  const pictures = computed(() => items.value.filter(isPicture))
  const total = computed(() => frameCount(path.value))
  const closed = computed(() => isClosed(path.value))
  const stopsAt = computed(() => stopFrames(path.value))
  /** The latent of each stop, in order; null for one that this version of the app cannot make. */
  const latents = computed(() =>
    path.value.stops.flatMap(({ source, prompt }) => {
      const item = library.byId.get(source)
      return item ? [settings.latentOf(item, prompt)] : []
    }),
  )

  /** Whether a stop looks different from its item, because it has a prompt of its own. */
  function hasOwnPrompt(stop: number): boolean {
    return settings.takesPrompts && path.value.stops[stop]?.prompt !== undefined
  }

  function insert(sources: readonly string[], index = path.value.stops.length): void {
    for (const [offset, source] of sources.entries()) {
      path.value = insertStop(path.value, index + offset, { id: crypto.randomUUID(), source })
    }
  }

  function remove(index: number): void {
    path.value = removeStop(path.value, index)
  }

  /** Removes all stops of these items. */
  function removeItems(ids: readonly string[]): void {
    for (let index = path.value.stops.length - 1; index >= 0; index--) {
      if (ids.includes(path.value.stops[index].source)) remove(index)
    }
  }

  /** Changes some fields of a segment. */
  function change(segment: number, changes: Partial<Segment>): void {
    path.value = changeSegment(path.value, segment, changes)
  }

  function close(next: boolean): void {
    path.value = setClosed(path.value, next)
  }

  function stretch(frames: number): void {
    path.value = retime(path.value, frames)
  }

  function clear(): void {
    path.value = { stops: [], segments: [] }
  }

  return {
    path,
    fps,
    repeat,
    pinned,
    markers,
    workArea,
    items,
    pictures,
    total,
    closed,
    stopsAt,
    latents,
    hasOwnPrompt,
    insert,
    remove,
    removeItems,
    change,
    close,
    stretch,
    clear,
  }
})
