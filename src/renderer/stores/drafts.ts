import { defineStore } from 'pinia'
import { computed, shallowReactive, watch } from 'vue'
import { request } from '../base/api'
import { psnrOfPngs } from '../base/psnrOfPngs'
import { useEncoding } from './encoding'
import { type Picture } from './library'
import { useModel } from './model'
import { draftEvaluations, useSettings } from './settings'
import { useTimeline } from './timeline'

/** A draft of a stop that is nearer to its reconstruction than this, in dB, shows the same picture. */
export const goodDraftPsnr = 25

/** Where no draft is as near as that, one that takes longer has to be nearer by more than this, in dB. */
const worthwhileGain = 1

/** A draft of one picture's own frame. */
interface DraftTrial {
  readonly evaluations: number
  readonly psnr: number
}

/** How good drafts are: as quick as shows the pictures on the timeline, which is measured at their stops. */
export const useDrafts = defineStore('drafts', () => {
  const encoding = useEncoding()
  const model = useModel()
  const settings = useSettings()
  const timeline = useTimeline()
  const trials = shallowReactive(new Map<string, DraftTrial>())
  const ready = computed(() => timeline.pictures.filter((picture) => encoding.reportOf(picture)))
  const known = computed(() => ready.value.flatMap((picture) => trials.get(encoding.keyOf(picture)) ?? []))
  /** dB of the worst draft of a stop; null before any was measured. */
  const worstPsnr = computed(() =>
    known.value.length === 0 ? null : Math.min(...known.value.map(({ psnr }) => psnr)),
  )

  /** Drafts the frame of each stop in one way after the other, until it shows its picture. */
  async function measure(): Promise<void> {
    for (const picture of ready.value) {
      try {
        await tryPicture(picture)
      } catch {
        // Whatever is wrong shows when frames are rendered.
      }
    }
    settings.neededEvaluations = Math.max(
      draftEvaluations[0],
      ...known.value.map(({ evaluations }) => evaluations),
    )
  }

  async function tryPicture(picture: Picture): Promise<void> {
    const report = encoding.reportOf(picture)
    const key = encoding.keyOf(picture)
    if (!report || !model.source || !settings.draft) return
    if (trials.has(key)) return
    const tried: DraftTrial[] = []
    for (const evaluations of draftEvaluations) {
      const { frames } = await request('animation.frames', {
        model: model.source,
        plan: { kind: 'list', latents: [settings.pictureLatentOf(picture)] },
        indices: [0],
        decode: settings.decode,
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

/** The quickest draft that shows its picture, or that comes as near to it as any. */
function quickestOf(tried: readonly DraftTrial[]): DraftTrial {
  const best = Math.max(...tried.map(({ psnr }) => psnr))
  return tried.find(({ psnr }) => psnr >= Math.min(goodDraftPsnr, best - worthwhileGain))!
}
