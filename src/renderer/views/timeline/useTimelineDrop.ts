import { ref } from 'vue'
import { addToTimeline } from '../../actions/morph'
import { useLibrary } from '../../stores/library'
import { pictureDragType } from '../../base/dragTypes'

/**
 * Handles library items dropped on the timeline.
 *
 * @param indexAt  returns the position among the stops where a drop would insert
 */
export function useTimelineDrop(indexAt: (event: DragEvent) => number) {
  /** The position where a drop would insert now; null while nothing is dragged here. */
  const gap = ref<number | null>(null)
  const library = useLibrary()

  const isOurs = ({ dataTransfer }: DragEvent): boolean => !!dataTransfer?.types.includes(pictureDragType)

  /**
   * Keeps the event from the window, which accepts dropped files anywhere and would reject drags of library
   * items.
   */
  function take(event: DragEvent): void {
    event.preventDefault()
    event.stopPropagation()
  }

  const handlers = {
    dragover: (event: DragEvent) => {
      if (!isOurs(event)) return
      take(event)
      gap.value = indexAt(event)
    },
    dragleave: (event: DragEvent) => {
      const inside =
        event.relatedTarget instanceof Node && (event.currentTarget as Node).contains(event.relatedTarget)
      if (!inside) gap.value = null
    },
    drop: (event: DragEvent) => {
      if (!isOurs(event)) return
      take(event)
      gap.value = null
      const ids = event.dataTransfer?.getData(pictureDragType) ?? ''
      const items = ids.split(' ').flatMap((id) => library.byId.get(id) ?? [])
      addToTimeline(items, indexAt(event))
    },
  }
  return { gap, handlers }
}
