import type { ExportOrigin } from '#shared/project'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { ExportContent } from '../labels/exportOriginLabel'

/** What to do with an export of this program that was dropped or opened. */
export type ExportAnswer = 'project' | 'pictures' | 'nothing'

/** An export that the person is asked about. */
export interface OfferedExport extends ExportContent {
  readonly kind: ExportOrigin['kind']
}

/** Asks whether to open the project of an export, or import the export as a picture. */
export const useExportOrigin = defineStore('exportOrigin', () => {
  /** Set while the question is open. */
  const offered = shallowRef<OfferedExport | null>(null)
  let answered: (answer: ExportAnswer) => void = () => undefined

  /** Asks, and resolves with the answer. */
  function offer(one: OfferedExport): Promise<ExportAnswer> {
    answer('nothing')
    offered.value = one
    return new Promise((resolve) => (answered = resolve))
  }

  function answer(chosen: ExportAnswer): void {
    offered.value = null
    answered(chosen)
  }

  return { offered, offer, answer }
})
