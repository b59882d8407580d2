import type { Segment } from '#core/timeline/path'
import { shareOf, type Progress } from '#shared/progress'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { request } from '../base/api'
import { stableJson } from '../base/stableJson'
import type { Ending } from '../labels/endings'
import { wholePlan } from '../timeline/framePlans'
import { useModel } from './model'
import { useSettings } from './settings'
import { useTimeline } from './timeline'

/** Finds positions for frames so that each differs from the next by as much as all others. */
export const useEvenTiming = defineStore('evenTiming', () => {
  const model = useModel()
  const settings = useSettings()
  const timeline = useTimeline()
  const progress = shallowRef<Progress | null>(null)
  const controller = shallowRef<AbortController | null>(null)
  const running = computed(() => controller.value !== null)
  const share = computed(() => shareOf(progress.value))
  /** The segments being measured; null for all of them. */
  const wanted = shallowRef<readonly number[] | null>(null)
  /**
   * How the last search ended: a new value each time. One that another replaces, or whose path has changed,
   * does not count.
   */
  const ended = shallowRef<{ readonly how: Ending } | null>(null)
  const isAtWorkOn = (segment: number): boolean =>
    running.value && (wanted.value === null || wanted.value.includes(segment))

  /**
   * Looks at the timeline's frames, and at others between them. Replaces a search that is still running.
   *
   * @param only  positions of segments; null for the whole film, whose frames are then redistributed
   * @returns all segments, with those timed; null if the timeline or what its items show changed meanwhile, or
   * the search was cancelled
   */
  async function find(only: readonly number[] | null): Promise<readonly Segment[] | null> {
    const { path, latents, pinned } = timeline
    const plan = wholePlan({ path, latents, pinned })
    if (!plan || !model.source) return null
    const measured = stableJson(plan)
    controller.value?.abort()
    const cancel = new AbortController()
    controller.value = cancel
    progress.value = null
    wanted.value = only
    try {
      const { segments } = await request(
        'animation.timing',
        {
          model: model.source,
          plan,
          decode: settings.decode,
          segments: only === null ? undefined : [...only],
          share: only === null,
        },
        { signal: cancel.signal, onProgress: (next) => (progress.value = next) },
      )
      if (timeline.path !== path || stableJson(wholePlan(timeline)) !== measured) return null
      ended.value = { how: 'finished' }
      return segments
    } catch (thrown) {
      const { aborted } = cancel.signal
      const counts = controller.value === cancel && !(aborted && timeline.path !== path)
      if (counts) ended.value = { how: aborted ? 'cancelled' : 'failed' }
      if (aborted) return null
      throw thrown
    } finally {
      if (controller.value === cancel) controller.value = null
    }
  }

  function cancel(): void {
    controller.value?.abort()
  }

  return { running, progress, share, ended, isAtWorkOn, find, cancel }
})
