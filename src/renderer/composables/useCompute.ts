import { computed } from 'vue'
import { useEncoding } from '../stores/encoding'
import { useModel } from '../stores/model'

/** What really computed last, as told by the engine or by a picture's latest report. */
export function useCompute() {
  const model = useModel()
  const encoding = useEncoding()
  return computed(() => model.engine.compute ?? [...encoding.reports.values()].at(-1)?.compute ?? null)
}
