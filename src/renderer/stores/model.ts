import type { EngineState } from '#shared/app'
import type { Provider } from '#shared/devices'
import type { IntakeReport, ModelInfo } from '#shared/reports'
import type { ModelReading, ModelSource } from '#shared/modelSource'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { request } from '../base/api'
import { stableJson } from '#shared/stableJson'
import { createTickets } from '../base/tickets'
import { useDocument } from './document'
import { usePreferences } from './preferences'

/** The model in use and the engine process that runs it. */
export const useModel = defineStore('model', () => {
  const preferences = usePreferences()
  /** Begins a choice of the model, which an earlier one that ends later does not replace. */
  const choose = createTickets()
  /**
   * Drawn by all that takes a model into use, and by a search for one, which thus learns that it is no longer
   * wanted. To ask for a model that turns out to be none does not end a search.
   */
  const take = createTickets()
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
   * @returns whether it is in use now; it is not if another model was asked for meanwhile
   */
  async function open(path: string, reading: ModelReading = {}): Promise<boolean> {
    const isLast = choose()
    const found = await request('model.info', { model: { path, threads: preferences.threads, ...reading } })
    if (!isLast()) return false
    await use(found, path, reading)
    return true
  }

  /** Takes a model that was read already. */
  async function use(found: ModelInfo, path: string, reading: ModelReading = {}): Promise<void> {
    take()
    info.value = found
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

  /**
   * Returns to the model that the app starts with.
   *
   * @returns whether it is in use now; it is not if another model was asked for meanwhile
   */
  async function openDefault(): Promise<boolean> {
    const isLast = choose()
    take()
    await preferences.change({ modelPath: null, modelReading: {} })
    const { model } = await request('app.state', {})
    if (isLast()) info.value = model
    return isLast()
  }

  return {
    info,
    intake,
    engine,
    devices,
    reading,
    source,
    identity,
    choose,
    take,
    open,
    use,
    check,
    openDefault,
  }
})
