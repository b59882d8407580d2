import type { EngineState } from '#shared/app'
import type { Provider } from '#shared/devices'
import type { IntakeReport, ModelInfo } from '#shared/reports'
import type { ModelReading, ModelSource } from '#shared/modelSource'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { request } from '../base/api'
import { stableJson } from '../base/stableJson'
import { useDocument } from './document'
import { usePreferences } from './preferences'

/** The model in use and the engine process that runs it. */
export const useModel = defineStore('model', () => {
  const preferences = usePreferences()
  const info = shallowRef<ModelInfo | null>(null)
  /** What the intake test found about it; null before the test. */
  const intake = shallowRef<IntakeReport | null>(null)
  const engine = ref<EngineState>({ state: 'ready', message: null, compute: null })
  /** Ways to use a graphics card that this platform may have. */
  const devices = ref<readonly Provider[]>([])
  /**
   * How it is read. The stored reading is that of the chosen model, and another one is open while that is
   * missing.
   */
  const reading = computed<ModelReading>(() =>
    preferences.modelPath === info.value?.path ? preferences.modelReading : {},
  )
  /** The model as requests name it. */
  const source = computed<ModelSource | null>(() => {
    const { threads, device, precision } = preferences
    const server = preferences.server ?? undefined
    const { projectResults } = useDocument().value
    const run = { threads, device, precision, server }
    return info.value && { path: info.value.path, ...run, ...reading.value, projectResults }
  })
  /** Everything that determines the bytes of its results: equal identity, equal pixels. */
  const identity = computed(() =>
    stableJson([
      info.value?.sha256,
      info.value?.scheduleHash,
      source.value?.device,
      source.value?.precision,
      source.value?.server?.url,
      source.value?.server?.model,
      source.value?.projectResults,
    ]),
  )

  /**
   * Opens another model folder, or reads the same one differently. If it is not a model, the open one stays.
   *
   * @param reading  overrides the model's own configuration
   */
  async function open(path: string, reading: ModelReading = {}): Promise<void> {
    info.value = await request('model.info', { model: { path, threads: preferences.threads, ...reading } })
    await preferences.change({ modelPath: path, modelReading: reading })
  }

  /** Runs the intake test on the open model. */
  async function check(): Promise<IntakeReport | null> {
    const { value: asked } = source
    intake.value = null
    if (asked === null) return null
    const checked = await request('model.check', { model: asked })
    if (stableJson(asked) !== stableJson(source.value)) return null
    return (intake.value = checked.intake)
  }

  /** Returns to the model that the app starts with. */
  async function openDefault(): Promise<void> {
    await preferences.change({ modelPath: null, modelReading: {} })
    info.value = (await request('app.state', {})).model
  }

  return { info, intake, engine, devices, reading, source, identity, open, check, openDefault }
})
