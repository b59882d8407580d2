import type { PlaybackRepeat } from '#core/timeline/playOrder'
import type { Segment } from '#core/timeline/path'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import {
  changeSegment,
  frameCount,
  insertStop,
  isClosed,
  moveStop,
  removeStop,
  retime,
  setClosed,
  stopFrames,
} from '#core/timeline/path'
import type { TimelinePath } from '../timeline/stops'
import { useLibrary } from './library'
import { useSettings } from './settings'

/** The path through pictures that becomes the animation. */
export const useTimeline = defineStore('timeline', () => {
  const library = useLibrary()
  const settings = useSettings()
  const path = shallowRef<TimelinePath>({ stops: [], segments: [] })
  const fps = ref(20)
  const repeat = ref<PlaybackRepeat>('ping-pong')

  /** The picture of each stop, in order. */
  const pictures = computed(() =>
    path.value.stops.map(({ pictureId }) => library.byId.get(pictureId)).filter((one) => one !== undefined),
  )
  const total = computed(() => frameCount(path.value))
  const closed = computed(() => isClosed(path.value))
  const stopsAt = computed(() => stopFrames(path.value))
  /** The latent of each stop, in order. */
  const latents = computed(() => pictures.value.map(settings.latentOf))

  function insert(pictureIds: readonly string[], index = path.value.stops.length): void {
    for (const [offset, pictureId] of pictureIds.entries()) {
      path.value = insertStop(path.value, index + offset, { id: crypto.randomUUID(), pictureId })
    }
  }

  function remove(index: number): void {
    path.value = removeStop(path.value, index)
  }

  /** Takes every stop of these pictures away. */
  function removePictures(pictureIds: readonly string[]): void {
    for (let index = path.value.stops.length - 1; index >= 0; index--) {
      if (pictureIds.includes(path.value.stops[index].pictureId)) remove(index)
    }
  }

  function move(from: number, to: number): void {
    path.value = moveStop(path.value, from, to)
  }

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
    pictures,
    total,
    closed,
    stopsAt,
    latents,
    insert,
    remove,
    removePictures,
    move,
    change,
    close,
    stretch,
    clear,
  }
})
