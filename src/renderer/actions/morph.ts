import { firstFilm } from '#shared/samples'
import { watch } from 'vue'
import { useEncoding } from '../stores/encoding'
import { useFrames } from '../stores/frames'
import { useLibrary, type Item, type Picture } from '../stores/library'
import { usePlayer } from '../stores/player'
import { useTimeline } from '../stores/timeline'
import { useWorkspace } from '../stores/workspace'
import { edit } from './document'

/** Adds library items to the timeline and switches to it. */
export function addToTimeline(items: readonly Item[], index?: number): void {
  const ids = items.map(({ id }) => id)
  if (ids.length === 0) return
  const label = ids.length === 1 ? `Add ${items[0].name}` : `Add ${ids.length} stops`
  if (!edit(label, () => useTimeline().insert(ids, index))) return
  useWorkspace().view = 'morph'
  useEncoding().enqueue(useTimeline().items, { first: true })
}

/**
 * The main task in one go: makes a timeline of two items, encodes them, and plays it once half is rendered.
 */
export function morphPair(pair: readonly [Item, Item]): void {
  const timeline = useTimeline()
  edit('Morph two', () => {
    timeline.clear()
    timeline.insert(pair.map(({ id }) => id))
  })
  useWorkspace().view = 'morph'
  useLibrary().select([])
  usePlayer().seek(0)
  useEncoding().enqueue(pair, { first: true })
  playWhenHalfDone()
}

function playWhenHalfDone(): void {
  const frames = useFrames()
  const timeline = useTimeline()
  const player = usePlayer()
  const path = timeline.path
  const stop = watch(
    () => [frames.version, timeline.path, player.playhead],
    () => {
      const touched = timeline.path !== path || player.playhead !== 0
      const there = Array.from({ length: timeline.total }, (_unused, at) => frames.kept.qualityAt(at)).filter(
        Boolean,
      )
      if (touched || there.length * 2 >= timeline.total) stop()
      if (!touched && there.length * 2 >= timeline.total) player.play()
    },
  )
}

/**
 * Returns the pictures for “Morph these two”: the two selected ones, else the samples of the first film, else
 * the first two pictures.
 */
export function suggestedPair(
  pictures: readonly Picture[],
  selected: readonly Picture[],
): [Picture, Picture] | null {
  if (selected.length === 2) return [selected[0], selected[1]]
  const [first, last] = firstFilm
  const start = selected[0] ?? ofFile(pictures, first) ?? pictures[0]
  const others = pictures.filter((picture) => picture !== start)
  const end = ofFile(others, last) ?? others[0]
  return start && end ? [start, end] : null
}

function ofFile(pictures: readonly Picture[], file: string): Picture | undefined {
  return pictures.find(({ info }) => info.name === file)
}
