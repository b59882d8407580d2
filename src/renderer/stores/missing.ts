import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { lacksPath } from '#shared/documentLatents'
import { pathOfItem, type Item } from './library'

/** Paths of files that did not exist when last checked. An item of which nothing says where its file is lacks it too. */
export const useMissing = defineStore('missing', () => {
  const paths = shallowRef<ReadonlySet<string>>(new Set())
  const isMissing = (item: Item): boolean => lacksPath(item) || paths.value.has(pathOfItem(item))
  /** Notes that these files were just read, so that items with these paths are no longer missing. */
  function noteRead(read: readonly string[]): void {
    const there = new Set(read)
    paths.value = new Set([...paths.value].filter((path) => !there.has(path)))
  }
  return { paths, isMissing, noteRead }
})
