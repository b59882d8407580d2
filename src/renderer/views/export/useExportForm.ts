import { isPart, rangeWithin } from '#core/timeline/frameRange'
import { exceededLimit, repeatIn, shownFrames, type ExportFormatInfo } from '#shared/exportFormats'
import { computed, reactive, ref, watchEffect } from 'vue'
import { askAndRun } from '../../actions/askAndRun'
import { request } from '../../base/api'
import { engineChoices, videoChoices, type ExportOptions } from '../../export/exportChoice'
import type { ExportRequest } from '../../export/exportRequest'
import { formatClock } from '../../timeline/clock'
import { wholePlan } from '../../timeline/framePlans'
import { useExports } from '../../stores/exports'
import { useNotices } from '../../stores/notices'
import { useModel } from '../../stores/model'
import { usePlayer } from '../../stores/player'
import { useSettings } from '../../stores/settings'
import { useTimeline } from '../../stores/timeline'
import { useViewing } from '../../stores/viewing'
import { formatBytes, formatCount } from '#core/format/quantities'
import { estimateSize } from './estimateSize'
import { useExportTime } from './useExportTime'
import { useSupportedVideo } from './useSupportedVideo'

export type ExportForm = ReturnType<typeof useExportForm>

/** The choices before an export: format, size, speed, repeat, quality. */
export function useExportForm() {
  const timeline = useTimeline()
  const model = useModel()
  const player = usePlayer()
  const settings = useSettings()
  const wantedId = ref('gif')
  const options = reactive<ExportOptions>({
    fps: 20,
    scale: 4,
    enlargement: 'lanczos',
    repeat: 'ping-pong',
    quality: 85,
    workArea: true,
  })
  watchEffect(() => {
    options.enlargement = useViewing().enlargement
  })
  watchEffect(() => {
    options.fps = timeline.fps
    options.repeat = timeline.repeat
  })

  const size = computed(() => model.info?.picture ?? { width: 64, height: 64 })
  const shape = computed(() => ({
    width: size.value.width * options.scale,
    height: size.value.height * options.scale,
    fps: options.fps,
    quality: options.quality,
  }))
  const supported = useSupportedVideo(() => shape.value)
  const choices = computed(() => [...engineChoices, ...videoChoices(supported.value)])
  const choice = computed(() => choices.value.find(({ id }) => id === wantedId.value) ?? choices.value[0])
  /** The format; a different one if the chosen format is not available in this size and speed. */
  const choiceId = computed({ get: () => choice.value.id, set: (id) => (wantedId.value = id) })
  /** The frames that are exported: those of the work area, unless all are wanted. */
  const range = computed(() => rangeWithin(options.workArea ? timeline.workArea : null, timeline.total))
  const hasWorkArea = computed(() => isPart(timeline.workArea, timeline.total))
  const shownCount = computed(
    () =>
      shownFrames(timeline.total, {
        format: choice.value.format.id,
        repeat: repeatIn(choice.value.format.id, options.repeat),
        range: range.value,
      }).length,
  )
  /** Explains why the format cannot hold what is chosen, and what to do; null if it can. */
  const obstacle = computed(() => describeObstacle(choice.value.format, shape.value))
  const { seconds: estimateSeconds, text: time } = useExportTime(shape, choice, options, range)
  const summary = computed(() => {
    const { width, height } = shape.value
    const bytes = estimateSize(choice.value, { ...shape.value, frames: shownCount.value })
    const frames = shownCount.value === 1 ? '1 frame' : `${shownCount.value} frames`
    const length = choice.value.format.plays
      ? `${frames}, ${formatClock(shownCount.value / options.fps)}`
      : frames
    const each = choice.value.format.id === 'contactSheet' ? ' each' : ''
    return `${width} × ${height}${each} · ${length} · about ${formatBytes(bytes)} · ${time.value}`
  })

  /**
   * Returns the proposed name of the file. The dialog’s handler replaces characters that a file name must not
   * contain.
   */
  function proposedName(): string {
    const [first, last] = [timeline.items[0], timeline.items.at(-1)]
    return `${first?.name ?? 'morph'} to ${last?.name ?? 'morph'}`
  }

  /** Returns everything that the export needs except its place, as of now; null if a stop has no latent. */
  function requestNow(): Omit<ExportRequest, 'path'> | null {
    const { source } = model
    const plan = wholePlan(timeline)
    if (!source || !plan) return null
    return {
      choice: choice.value,
      options: { ...options },
      overwrite: false,
      model: source,
      size: size.value,
      plan,
      decode: settings.decode,
      ...settings.schedule,
      total: timeline.total,
      range: range.value,
      frame: player.playhead,
      estimateSeconds: estimateSeconds.value,
    }
  }

  /**
   * Asks for a file and starts the export in the background. Changes made while the question is open do not
   * affect it.
   */
  async function save(): Promise<void> {
    const wanted = requestNow()
    if (!wanted) {
      const detail = 'Remove it from the timeline, or find what it is made from.'
      useNotices().show({ tone: 'bad', title: 'A stop of the timeline has no latent', detail })
      return
    }
    await askAndRun({
      failed: 'The export couldn’t be started',
      ask: () => request('dialog.saveExport', { format: wanted.choice.format.id, name: proposedName() }),
      run: (path) => useExports().start({ ...wanted, path }),
    })
  }

  return { choiceId, choice, choices, options, range, hasWorkArea, summary, obstacle, size, save }
}

/** Explains why a format cannot hold pictures of this shape, and what to do; null if it can. */
function describeObstacle(
  { id, title, longestSide, highestFps }: ExportFormatInfo,
  shape: { width: number; height: number; fps: number },
): string | null {
  const exceeded = exceededLimit(id, shape)
  if (exceeded === null) return null
  return exceeded === 'highestFps'
    ? `${title} players show at most ${highestFps} frames a second. Lower the speed, or choose another format.`
    : `${title} allows at most ${formatCount(longestSide)} pixels a side. Choose a smaller size, or another format.`
}
