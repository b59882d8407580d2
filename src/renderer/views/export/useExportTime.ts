import { codingsPerRoundTrip, decodeNfe, nfe } from '#core/diffusion/cost'
import type { FrameRange } from '#core/timeline/frameRange'
import { describeEstimate } from '#core/format/quantities'
import { repeatIn, shownFrames } from '#shared/exportFormats'
import { picturesIn } from '#shared/documentLatents'
import { anyPromptsDiffer } from '#shared/guidance'
import { computed, watch, type Ref } from 'vue'
import type { ExportChoice, ExportOptions } from '../../export/exportChoice'
import { useEncoding } from '../../stores/encoding'
import { useFrames } from '../../stores/frames'
import { isPicture, useLibrary } from '../../stores/library'
import { usePace } from '../../stores/pace'
import { usePlayer } from '../../stores/player'
import { useSettings } from '../../stores/settings'
import { useTimeline } from '../../stores/timeline'
import { useWorkspace } from '../../stores/workspace'

/** Approximate time to enlarge and pack a frame of one megapixel, whatever the format. */
const secondsPerMegapixel = 0.4

/** How long the chosen export will take: the remaining work at the model’s pace. */
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
    const { id: format } = choice.value.format
    return shownFrames(timeline.total, {
      format,
      frame: usePlayer().playhead,
      repeat: repeatIn(format, options.repeat),
      range: range.value,
    })
  })
  /** What still has to be computed, each item once: the latents of pictures, and frames that are not final. */
  const missing = computed(() => {
    const pictures = new Set(timeline.pictures.filter(encoding.isMissing).map(encoding.keyOf))
    const parts = new Set(missingParts().filter((key) => !pictures.has(key)))
    const frameNames = shown.value.flatMap((frame) =>
      frames.kept.qualityAt(frame) === 'final' ? [] : [frames.kept.nameAt(frame)],
    )
    return { pictures: pictures.size, parts: parts.size, frames: new Set(frameNames).size }
  })
  /**
   * Names the pictures that missing latents are made from, such as the parts of a mix, and that have no latent
   * either.
   */
  const missingParts = (): string[] =>
    timeline.items
      .filter((item) => !isPicture(item) && encoding.isMissing(item))
      .flatMap((item) => picturesIn(item, useLibrary().byId))
      .filter(encoding.isMissing)
      .map(encoding.keyOf)
  const isComplete = computed(() => Object.values(missing.value).every((count) => count === 0))
  const secondsToCompute = computed(() => {
    if (isComplete.value) return 0
    const { secondsPerEvaluation, secondsPerBatchedEvaluation, secondsPerDecoding } = pace.current
    if (secondsPerEvaluation === null || secondsPerBatchedEvaluation === null || secondsPerDecoding === null)
      return null
    const encode = { ...settings.encode, ...settings.schedule }
    const decode = { ...settings.decode, ...settings.schedule }
    const encodeEvaluations = nfe(encode).encode
    const decodeEvaluations = decodeNfe(
      decode,
      anyPromptsDiffer(timeline.latents.filter((latent) => latent !== null)),
    )
    // The autoencoder takes about as long in either direction.
    const perPart = encodeEvaluations * secondsPerEvaluation + secondsPerDecoding
    // A picture at a stop is also decoded, to measure how well it is reconstructed.
    const perPicture =
      (encodeEvaluations + decodeEvaluations) * secondsPerEvaluation +
      codingsPerRoundTrip * secondsPerDecoding
    const perFrame = decodeEvaluations * secondsPerBatchedEvaluation + secondsPerDecoding
    const { pictures, parts, frames: decoded } = missing.value
    return pictures * perPicture + parts * perPart + decoded * perFrame
  })
  const seconds = computed(() => {
    const megapixels = (shape.value.width * shape.value.height * shown.value.length) / 1e6
    return secondsToCompute.value === null ? null : secondsToCompute.value + megapixels * secondsPerMegapixel
  })
  const text = computed(() => {
    if (seconds.value !== null) return `takes ${describeEstimate(seconds.value)}`
    return pace.timing ? 'timing the model…' : 'time not known yet'
  })

  // Measured once per model and not after every attempt, because a failing attempt would be repeated forever.
  watch(
    () => useWorkspace().dialog === 'export' && !isComplete.value && pace.subject,
    (wanted) => {
      if (wanted) void pace.measure()
    },
    { immediate: true },
  )
  return { seconds, text }
}
