import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { TimelinePath } from '../timeline/stops'

/** The stops that were copied from the timeline, with the segments between them. */
export const useClipboard = defineStore('clipboard', () => {
  const stops = shallowRef<TimelinePath | null>(null)
  return { stops }
})
