import type { ModelPace } from '#shared/reports'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { request } from '../base/api'
import { useModel } from './model'

const unknown: ModelPace = {
  secondsPerEvaluation: null,
  secondsPerBatchedEvaluation: null,
  secondsPerDecoding: null,
}

/** How long the model takes, as measured; never an assumption. */
export const usePace = defineStore('pace', () => {
  const model = useModel()
  const measured = shallowRef<{ of: string; pace: ModelPace } | null>(null)
  const measuring = ref<string | null>(null)

  const wanted = computed(
    () =>
      model.source && JSON.stringify([model.info?.sha256, { ...model.source, projectResults: undefined }]),
  )
  /**
   * Identifies what a pace is valid for: the model, how it is to be run, and the device that runs it, which
   * changes when a device fails.
   */
  const subject = computed(() => wanted.value && JSON.stringify([wanted.value, model.engine.compute]))
  const current = computed(() =>
    measured.value && measured.value.of === subject.value ? measured.value.pace : unknown,
  )
  /** Whether the current model is being timed. */
  const timing = computed(() => measuring.value !== null && measuring.value === wanted.value)

  /** Requests the whole pace. The engine measures only what earlier work has not shown. */
  async function measure(): Promise<void> {
    const { value } = wanted
    if (value === null || measuring.value === value) return
    measuring.value = value
    await ask(true)
    if (measuring.value === value) measuring.value = null
  }

  /**
   * Requests the pace that earlier work has shown, unless it is known already: the way in which frames are
   * drafted must not change back and forth.
   */
  async function notice(): Promise<void> {
    if (current.value.secondsPerEvaluation === null) await ask(false)
  }

  async function ask(mayMeasure: boolean): Promise<void> {
    const { source } = model
    const of = wanted.value
    if (source === null) return
    try {
      const pace = await request('model.pace', { model: source, measure: mayMeasure })
      // Read only now, because the device that runs the model was not certain before.
      if (of === wanted.value) measured.value = { of: subject.value!, pace }
    } catch {
      // Without a pace there is no estimate. A problem with the model will be reported when the model is used.
    }
  }

  return { subject, current, timing, measure, notice }
})
