import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { pathOfItem, type Item } from './library'

/** Paths of files that did not exist when last checked. */
export const useMissing = defineStore('missing', () => {
  const paths = shallowRef<ReadonlySet<string>>(new Set())
  const isMissing = (item: Item): boolean => paths.value.has(pathOfItem(item))
  /** Notes that files were just read which no item had: those that an item misses are located instead. */
  function noteRead(read: readonly string[]): void {
    paths.value = new Set([...paths.value].filter((path) => !read.includes(path)))
  }
  return { paths, isMissing, noteRead }
})
