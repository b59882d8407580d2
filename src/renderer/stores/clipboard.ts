import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { TimelinePath } from '../timeline/stops'

/** What was copied from the timeline: stops and the segments between them. */
export const useClipboard = defineStore('clipboard', () => {
  const stops = shallowRef<TimelinePath | null>(null)
  return { stops }
})
