import { ref } from 'vue'
import { edit } from '../../actions/document'
import { addToTimeline } from '../../actions/morph'
import { useLibrary } from '../../stores/library'
import { useTimeline } from '../../stores/timeline'
import { pictureDragType, stopDragType } from '../dragTypes'

/**
 * Dropping items and stops on the timeline.
 *
 * @param indexAt  the position among the stops that a drop there means
 */
export function useTimelineDrop(indexAt: (event: DragEvent) => number) {
  const over = ref(false)
  const library = useLibrary()
  const timeline = useTimeline()

  const isOurs = ({ dataTransfer }: DragEvent): boolean =>
    !!dataTransfer && [pictureDragType, stopDragType].some((type) => dataTransfer.types.includes(type))

  /** The window, which takes files anywhere, must not refuse what is ours. */
  function take(event: DragEvent): void {
    event.preventDefault()
    event.stopPropagation()
  }

  function drop(event: DragEvent): void {
    over.value = false
    const ids = event.dataTransfer?.getData(pictureDragType)
    const from = event.dataTransfer?.getData(stopDragType)
    if (ids)
      addToTimeline(
        ids.split(' ').flatMap((id) => library.byId.get(id) ?? []),
        indexAt(event),
      )
    else if (from) moveStopTo(Number(from), indexAt(event))
  }

  function moveStopTo(from: number, before: number): void {
    const to = before > from ? before - 1 : before
    if (to !== from) edit('Move a stop', () => timeline.move(from, to))
  }

  const handlers = {
    dragover: (event: DragEvent) => {
      if (!isOurs(event)) return
      take(event)
      over.value = true
    },
    dragleave: () => (over.value = false),
    drop: (event: DragEvent) => {
      if (!isOurs(event)) return
      take(event)
      drop(event)
    },
  }
  return { over, handlers }
}
