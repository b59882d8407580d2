import { nfe } from '#core/diffusion/cost'
import type { FrameRange } from '#core/timeline/frameRange'
import { describeEstimate } from '#core/format/quantities'
import { shownFrames } from '#shared/exportFormats'
import { computed, watch, type Ref } from 'vue'
import type { ExportChoice, ExportOptions } from '../../export/exportChoice'
import { useEncoding } from '../../stores/encoding'
import { useFrames } from '../../stores/frames'
import { usePace } from '../../stores/pace'
import { usePlayer } from '../../stores/player'
import { useSettings } from '../../stores/settings'
import { useTimeline } from '../../stores/timeline'
import { useWorkspace } from '../../stores/workspace'

/** Enlarging and packing a frame of a million pixels takes about this long, whatever the format. */
const secondsPerMegapixel = 0.4

/** How long the chosen export will take: the work that is still to be done, at the pace of the model. */
export function useExportTime(
  shape: Ref<{ width: number; height: number }>,
  choice: Ref<ExportChoice>,
  options: ExportOptions,
  range: Ref<FrameRange>,
) {
  const timeline = useTimeline()
  const settings = useSettings()
  const encoding = useEncoding()
  const frames = useFrames()
  const pace = usePace()

  /** Frames of the output in the order of showing. */
  const shown = computed(() => {
    const { id: format, plays } = choice.value.format
    const repeat = plays ? options.repeat : 'once'
    return shownFrames(timeline.total, {
      format,
      frame: usePlayer().playhead,
      repeat,
      range: range.value,
    })
  })
  /** Evaluations of pictures that have no latent and of frames that are not final yet. */
  const evaluations = computed(() => {
    const { encode, decode } = settings
    const pictures = timeline.pictures.filter(encoding.isMissing).length
    const missing = [...new Set(shown.value)].filter(
      (frame) => frames.kept.qualityAt(frame) !== 'final',
    ).length
    return pictures * (nfe(encode).encode + nfe(decode).decode) + missing * nfe(decode).decode
  })
  const seconds = computed(() => {
    const { secondsPerEvaluation } = pace
    if (secondsPerEvaluation === null && evaluations.value > 0) return null
    const megapixels = (shape.value.width * shape.value.height * shown.value.length) / 1e6
    return evaluations.value * (secondsPerEvaluation ?? 0) + megapixels * secondsPerMegapixel
  })
  const text = computed(() => {
    if (seconds.value !== null) return `takes ${describeEstimate(seconds.value)}`
    return pace.timing ? 'timing the model…' : 'time not known yet'
  })

  // Once for each model, and not after every attempt: one that fails would be made again for ever.
  watch(
    () => useWorkspace().dialog === 'export' && evaluations.value > 0 && pace.subject,
    (wanted) => {
      if (wanted) void pace.measure()
    },
    { immediate: true },
  )
  return { seconds, text }
}
