import { contactSheetLayout } from '#core/picture/contactSheetLayout'
import type { FrameRange } from '#core/timeline/frameRange'
import { refThrottled } from '@vueuse/core'
import { computed } from 'vue'
import { useLatestBitmap } from '../../composables/useLatestBitmap'
import { useFrames } from '../../stores/frames'
import { usePlayer } from '../../stores/player'
import { useTimeline } from '../../stores/timeline'
import { drawSheet } from './drawSheet'
import type { ExportForm } from './useExportForm'

/** Milliseconds between redraws of a sheet whose frames arrive one by one. */
const sheetPause = 300

/** The preview of an export, made of frames that are already cached: nothing is computed for it. */
export function useExportPreview({ choice, range, size, options }: ExportForm) {
  const frames = useFrames()
  const timeline = useTimeline()
  const player = usePlayer()

  const isSheet = computed(() => choice.value.format.id === 'contactSheet')
  const frame = computed(() => {
    const within = choice.value.format.frames === 'one' ? { start: 0, end: timeline.total - 1 } : range.value
    const index = previewedFrames(player.playhead, within).find((at) => frames.kept.frameAt(at))
    return index === undefined ? null : { index, ...frames.kept.frameAt(index)! }
  })

  const cells = computed(() => {
    const { start, end } = range.value
    const count = isSheet.value ? end - start + 1 : 0
    return Array.from({ length: count }, (_, at) => frames.kept.frameAt(start + at)?.bitmap ?? null)
  })
  const eachFrame = computed(() => ({
    width: size.value.width * options.scale,
    height: size.value.height * options.scale,
    sharp: options.enlargement === 'sharp',
  }))
  const drawn = refThrottled(
    computed(() => ({ drawnCells: cells.value, each: eachFrame.value })),
    sheetPause,
  )
  const sheet = useLatestBitmap(
    () => drawn.value,
    ({ drawnCells, each }) => Promise.resolve(drawnCells.length > 0 ? drawSheet(drawnCells, each) : null),
    'The preview couldn’t be drawn',
  )

  const bitmap = computed(() => (isSheet.value ? sheet.value : (frame.value?.bitmap ?? null)))
  /** How the frame is enlarged. A sheet is drawn as small as it needs to be. */
  const enlargement = computed(() => {
    if (isSheet.value) return 'smooth'
    return options.scale === 1 ? 'sharp' : options.enlargement
  })
  const caption = computed(() => {
    if (isSheet.value) return describeSheet(cells.value)
    if (!frame.value) return 'Not rendered yet'
    const { index, quality } = frame.value
    return `Frame ${index + 1} of ${timeline.total}${quality === 'draft' ? ', a draft so far' : ''}`
  })
  return { bitmap, enlargement, caption }
}

/** Returns frames that can represent `range`, the best one first: the one under the playhead, then the first. */
export function previewedFrames(playhead: number, { start, end }: FrameRange): number[] {
  return playhead > start && playhead <= end ? [playhead, start] : [start]
}

/** Describes the layout of a contact sheet, and how much of it is available. */
export function describeSheet(cells: readonly unknown[]): string {
  const { columns, rows } = contactSheetLayout({ width: 1, height: 1, count: cells.length })
  const missing = cells.filter((cell) => cell === null).length
  const layout = `${columns} × ${rows} frames`
  return missing === 0 ? layout : `${layout}, ${missing} not rendered yet`
}
