import type { PictureInfo } from '#shared/reports'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { newPicture, type Picture } from './library'

/** The sample pictures in a new project. */
export const useSamples = defineStore('samples', () => {
  const infos = shallowRef<readonly PictureInfo[]>([])
  const pictures = computed<Picture[]>(() => infos.value.map(newPicture))
  return { infos, pictures }
})
