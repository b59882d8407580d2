import { defineStore } from 'pinia'
import { ref } from 'vue'

export type View = 'morph' | 'fidelity' | 'lab' | 'explore'
export type DialogName =
  | 'about'
  | 'messages'
  | 'palette'
  | 'report'
  | 'export'
  | 'settings'
  | 'keyboard'
  | 'crop'
  | 'modelCard'
  | 'models'
  | 'seeds'
export type LabTab = 'curves' | 'table' | 'consistency' | 'interpolation'
export type CompareMode = 'slider' | 'sideBySide' | 'flicker' | 'difference'

/** What the window shows: the view and the open dialog. */
export const useWorkspace = defineStore('workspace', () => {
  const view = ref<View>('morph')
  const dialog = ref<DialogName | null>(null)
  /** The id of the picture that the `crop` dialog is about. */
  const cropped = ref<string | null>(null)
  const compareMode = ref<CompareMode>('slider')
  const labTab = ref<LabTab>('curves')
  return { view, dialog, cropped, compareMode, labTab }
})
