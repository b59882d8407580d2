import type { ExportOrigin } from '#shared/project'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { ExportContent } from '../labels/exportOriginLabel'

/** What to do with an export of this program that was dropped or opened. */
export type ExportAnswer = 'project' | 'pictures' | 'nothing'

/** An export that the user is asked about. */
export interface OfferedExport extends ExportContent {
  readonly kind: ExportOrigin['kind']
}

/** Asks whether to open the project of an export, or import the export as a picture. */
export const useExportOrigin = defineStore('exportOrigin', () => {
  /** Set while the question is open. */
  const offered = shallowRef<OfferedExport | null>(null)
  let answered: (answer: ExportAnswer) => void = () => undefined
  /** The answer to the latest question, which may be open or still waiting its turn. */
  let latest: Promise<unknown> = Promise.resolve()

  /** Asks when all earlier questions are answered, and resolves with the answer. */
  function offer(one: OfferedExport): Promise<ExportAnswer> {
    const asked = latest.then(() => ask(one))
    latest = asked
    return asked
  }

  function ask(one: OfferedExport): Promise<ExportAnswer> {
    offered.value = one
    return new Promise((resolve) => (answered = resolve))
  }

  function answer(chosen: ExportAnswer): void {
    offered.value = null
    answered(chosen)
  }

  return { offered, offer, answer }
})
