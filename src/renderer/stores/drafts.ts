import { defineStore } from 'pinia'
import { computed, shallowReactive, watch } from 'vue'
import { request } from '../base/api'
import { psnrOfPngs } from '../base/psnrOfPngs'
import { useEncoding } from './encoding'
import { type Picture } from './library'
import { useModel } from './model'
import { draftEvaluations, useSettings } from './settings'
import { useTimeline } from './timeline'

/** The PSNR against a stop’s reconstruction, in dB, from which a draft counts as showing the same picture. */
export const goodDraftPsnr = 25

/** If no draft reaches that, a slower one must be better by more than this, in dB, to be worth its time. */
const worthwhileGain = 1

/** A draft of the frame at a picture’s own stop. */
interface DraftTrial {
  readonly evaluations: number
  readonly psnr: number
}

/**
 * Chooses the quality of drafts: the fastest that still shows the timeline’s pictures, as measured at their
 * stops.
 */
export const useDrafts = defineStore('drafts', () => {
  const encoding = useEncoding()
  const model = useModel()
  const settings = useSettings()
  const timeline = useTimeline()
  const trials = shallowReactive(new Map<string, DraftTrial>())
  const ready = computed(() => timeline.pictures.filter((picture) => encoding.reportOf(picture)))
  const known = computed(() => ready.value.flatMap((picture) => trials.get(encoding.keyOf(picture)) ?? []))
  /** The PSNR of the worst draft of any stop, in dB; null until one is measured. */
  const worstPsnr = computed(() =>
    known.value.length === 0 ? null : Math.min(...known.value.map(({ psnr }) => psnr)),
  )

  /** Drafts the frame of each stop with an increasing number of evaluations until it shows its picture. */
  async function measure(): Promise<void> {
    for (const picture of ready.value) {
      try {
        await tryPicture(picture)
      } catch {
        // A failure is not reported here: it will be when frames are rendered.
      }
    }
    settings.neededEvaluations = Math.max(
      draftEvaluations[0],
      ...known.value.map(({ evaluations }) => evaluations),
    )
  }

  /**
   * Measures drafts of a picture. The result is stored for the settings with which it began, even if they
   * change meanwhile.
   */
  async function tryPicture(picture: Picture): Promise<void> {
    const report = encoding.reportOf(picture)
    const key = encoding.keyOf(picture)
    const { source } = model
    const { draft, decode } = settings
    if (!report || !source || !draft || trials.has(key)) return
    const latents = [settings.pictureLatentOf(picture)]
    const tried: DraftTrial[] = []
    for (const evaluations of draftEvaluations) {
      const { frames } = await request('animation.frames', {
        model: source,
        plan: { kind: 'list', latents },
        indices: [0],
        decode,
        draft: { evaluations, orFinal: false },
      })
      const psnr = await psnrOfPngs(report.reconstructionPng, frames[0])
      tried.push({ evaluations, psnr })
      if (psnr >= goodDraftPsnr) break
    }
    trials.set(key, quickestOf(tried))
  }

  let measured = Promise.resolve()
  watch(ready, () => (measured = measured.then(measure)), { immediate: true })
  return { worstPsnr }
})

/**
 * Returns the fastest draft that shows its picture or, if none does, the fastest that comes about as close as
 * the best.
 */
function quickestOf(tried: readonly DraftTrial[]): DraftTrial {
  const best = Math.max(...tried.map(({ psnr }) => psnr))
  return tried.find(({ psnr }) => psnr >= Math.min(goodDraftPsnr, best - worthwhileGain))!
}
