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

/** Approximate time to enlarge and pack a frame of one megapixel, whatever the format. */
const secondsPerMegapixel = 0.4

/** How long the chosen export will take: the remaining work, at the model's pace. */
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

  /** The frames of the output in display order. */
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
  /** Evaluations for pictures that have no latent, and for frames that are not final yet. */
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

  // Once per model and not after every attempt, because a failing attempt would be repeated for ever.
  watch(
    () => useWorkspace().dialog === 'export' && evaluations.value > 0 && pace.subject,
    (wanted) => {
      if (wanted) void pace.measure()
    },
    { immediate: true },
  )
  return { seconds, text }
}
