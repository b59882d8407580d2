import type { ModelPace } from '#shared/reports'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { request } from '../base/api'
import { useModel } from './model'

/** How long the model takes: measured, never assumed. */
export const usePace = defineStore('pace', () => {
  const model = useModel()
  const measured = shallowRef<{ of: string; on: string; pace: ModelPace } | null>(null)
  const measuring = ref<string | null>(null)

  /** The model and how it is to be run, which a pace belongs to. */
  const subject = computed(
    () =>
      model.source && JSON.stringify([model.info?.sha256, { ...model.source, projectResults: undefined }]),
  )
  /** What runs it, which changes when a device fails. */
  const device = computed(() => JSON.stringify(model.engine.compute))
  /** Null until it is measured for the current model on its device. Until one of them changes, it stays as it is. */
  const current = computed(() => {
    const { value } = measured
    return value && value.of === subject.value && value.on === device.value ? value.pace : null
  })
  /** Whether the current model is being timed. */
  const timing = computed(() => measuring.value !== null && measuring.value === subject.value)

  /**
   * Asks for the pace, unless it is known. The engine tries only what earlier work has not shown.
   *
   * @param onlyIfUsed  whether to leave a model alone that nothing has been computed with, because a large one would have
   *   to be opened
   */
  async function measure({ onlyIfUsed = false } = {}): Promise<void> {
    const { source } = model
    const of = subject.value
    if (source === null || of === null || current.value !== null || measuring.value === of) return
    measuring.value = of
    try {
      const pace = await request('model.pace', { model: source, onlyIfUsed })
      if (pace && of === subject.value) measured.value = { of, on: device.value, pace }
    } catch {
      // Without a pace there is no estimate. Any problem with the model will show when it is used.
    } finally {
      if (measuring.value === of) measuring.value = null
    }
  }

  return { subject, current, timing, measure }
})
