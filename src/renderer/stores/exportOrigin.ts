import type { ExportOrigin } from '#shared/project'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

/** What becomes of an export of this program that was dropped or opened. */
export type ExportAnswer = 'project' | 'pictures' | 'nothing'

/** An export that is asked about. */
export interface OfferedExport {
  readonly name: string
  readonly stops: number
  readonly kind: ExportOrigin['kind']
}

/** Asks whether an export leads back to its project or is taken in as a picture. */
export const useExportOrigin = defineStore('exportOrigin', () => {
  /** While somebody is asked. */
  const offered = shallowRef<OfferedExport | null>(null)
  let answered: (answer: ExportAnswer) => void = () => undefined

  /** Asks; resolves with the answer. */
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
