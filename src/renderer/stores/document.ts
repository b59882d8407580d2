import { emptyDocument, type StudioDocument } from '#shared/document'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

/**
 * The document on the table: the one place where the work lies. Library, timeline and settings are views of it. Its value
 * is replaced and never changed, so holding it is a copy.
 */
export const useDocument = defineStore('document', () => {
  const value = shallowRef<StudioDocument>(emptyDocument())

  /** Replaces some parts. */
  function change(parts: Partial<StudioDocument>): void {
    value.value = { ...value.value, ...parts }
  }

  return { value, change }
})
