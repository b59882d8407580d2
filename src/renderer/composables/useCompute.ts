import { computed } from 'vue'
import { useEncoding } from '../stores/encoding'
import { useModel } from '../stores/model'

/** What actually computed last, as reported by the engine or in the latest report on a picture. */
export function useCompute() {
  const model = useModel()
  const encoding = useEncoding()
  return computed(() => model.engine.compute ?? [...encoding.reports.values()].at(-1)?.compute ?? null)
}
