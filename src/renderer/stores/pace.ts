import type { ModelSource } from '#shared/modelSource'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { request } from '../base/api'
import { useModel } from './model'

/** Pictures and steps of the trial: enough to measure, too few to make anyone wait. */
const trialPictures = 4
const trialSteps = 2

/** Work of the network on one picture: how long it took, and how many evaluations. */
interface Work {
  readonly seconds: number
  readonly evaluations: number
}

/** Whether the result was in a cache, so that its time says nothing. */
const isFromCache = ({ seconds, evaluations }: Work): boolean => seconds === 0 || evaluations === 0

/** How long the model takes to evaluate one picture: measured, never assumed. */
export const usePace = defineStore('pace', () => {
  const model = useModel()
  const measured = shallowRef<{ of: string; seconds: number } | null>(null)
  const everyday = shallowRef<{ of: string; seconds: number } | null>(null)
  const trying = ref<string | null>(null)
  /** The subjects that have worked since the start. */
  const opened = new Set<string>()

  /** What a pace belongs to: the model and how it is run. */
  const subject = computed(
    () =>
      model.source && JSON.stringify([model.info?.sha256, { ...model.source, projectResults: undefined }]),
  )
  /** Seconds per evaluation of one picture; null until it is measured on the current model. */
  const secondsPerEvaluation = computed(() =>
    measured.value && measured.value.of === subject.value ? measured.value.seconds : null,
  )

  /**
   * At most how long an evaluation takes, as seen while encoding, which also reads pictures and shows previews;
   * null until it is known.
   */
  const secondsAtMost = computed(
    () =>
      secondsPerEvaluation.value ??
      (everyday.value && everyday.value.of === subject.value ? everyday.value.seconds : null),
  )

  /** Whether the current model is being timed. */
  const timing = computed(() => trying.value !== null && trying.value === subject.value)

  /** Takes the pace from work just done, if {@link subject} is still `of`, as when the work began. */
  function note(of: string | null, work: Work): void {
    if (of === null || of !== subject.value || isFromCache(work)) return
    measured.value = { of, seconds: work.seconds / work.evaluations }
  }

  /**
   * Takes {@link secondsAtMost} from everyday work, once: how frames are drafted depends on it and must not change
   * back and forth. The first work of a model does not count: it opens the model.
   */
  function observe(of: string | null, work: Work): void {
    if (of === null || isFromCache(work)) return
    if (opened.has(of) && everyday.value?.of !== of) {
      everyday.value = { of, seconds: work.seconds / work.evaluations }
    }
    opened.add(of)
  }

  /** Runs the network a few times, unless its pace is known. */
  async function measure(): Promise<void> {
    const { source } = model
    const of = subject.value
    if (source === null || of === null || secondsPerEvaluation.value !== null || trying.value === of) return
    trying.value = of
    try {
      await decodeNoise(source, 1)
      const seconds = await decodeNoise(source, trialSteps)
      if (secondsPerEvaluation.value === null && of === subject.value)
        measured.value = { of, seconds: seconds / (trialSteps * trialPictures) }
    } catch {
      // Without a pace there is no estimate. Any problem with the model will show when the study is run.
    } finally {
      if (trying.value === of) trying.value = null
    }
  }

  /** Decodes random new seeds, because the engine caches its results, and returns the seconds taken. */
  async function decodeNoise(source: ModelSource, steps: number): Promise<number> {
    const first = Math.floor(Math.random() * 2 ** 31)
    const latents = Array.from({ length: trialPictures }, (_unused, at) => ({
      kind: 'seed' as const,
      seed: first + at,
    }))
    const { seconds } = await request('animation.frames', {
      model: source,
      plan: { kind: 'list', latents },
      indices: latents.map((_latent, at) => at),
      decode: { solver: 'ddim', timestepSpacing: 'linear', steps },
    })
    return seconds
  }

  return { subject, secondsPerEvaluation, secondsAtMost, timing, note, observe, measure }
})
