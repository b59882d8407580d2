import { emptyDocument, type StudioDocument } from '#shared/document'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

/**
 * The open document: the only place where work is stored. Library, timeline and settings are views of it. Its
 * value is replaced and never mutated, so a reference to an earlier value serves as a copy.
 */
export const useDocument = defineStore('document', () => {
  const value = shallowRef<StudioDocument>(emptyDocument())

  /** Replaces some fields. */
  function change(parts: Partial<StudioDocument>): void {
    value.value = { ...value.value, ...parts }
  }

  return { value, change }
})
