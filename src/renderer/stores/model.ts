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
  /**
   * Draws a ticket for a choice of model: of several choices, only the latest takes effect, even if an earlier
   * one ends later.
   */
  const choose = createTickets()
  /**
   * A ticket is drawn whenever a model is taken into use, and by a search for a model, which thereby learns
   * that its result is no longer wanted. A failed attempt to open a model draws none, so it does not end a
   * search.
   */
  const take = createTickets()
  const info = shallowRef<ModelInfo | null>(null)
  /** What the intake test found about it; null before the test. */
  const intake = shallowRef<IntakeReport | null>(null)
  const engine = ref<EngineState>({ state: 'ready', message: null, compute: null })
  /** Ways to use a graphics card that this platform may have. */
  const devices = ref<readonly Provider[]>([])
  /**
   * How the model is read. The stored reading belongs to the model that was chosen last; while that is missing,
   * another model is open.
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
  /**
   * Everything that determines the bytes of the model’s results: if two identities are equal, so are the
   * pixels.
   */
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
   * @param readAs  overrides the model’s own configuration
   * @returns whether it is in use now: not if another model was requested meanwhile
   */
  async function open(path: string, readAs: ModelReading = {}): Promise<boolean> {
    const isLast = choose()
    const found = await request('model.info', { model: { path, threads: preferences.threads, ...readAs } })
    if (!isLast()) return false
    await use(found, path, readAs)
    return true
  }

  /** Takes a model into use that has already been read. */
  async function use(found: ModelInfo, path: string, readAs: ModelReading = {}): Promise<void> {
    take()
    info.value = found
    await preferences.change({ modelPath: path, modelReading: readAs })
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
   * @returns whether it is in use now: not if another model was requested meanwhile
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
