import { ref } from 'vue'
import { addToTimeline } from '../../actions/morph'
import { useLibrary } from '../../stores/library'
import { pictureDragType } from '../../base/dragTypes'

/**
 * Dropping items of the library on the timeline.
 *
 * @param indexAt  the position among the stops that a drop there means
 */
export function useTimelineDrop(indexAt: (event: DragEvent) => number) {
  /** The position that a drop would mean now; null while nothing is dragged here. */
  const gap = ref<number | null>(null)
  const library = useLibrary()

  const isOurs = ({ dataTransfer }: DragEvent): boolean => !!dataTransfer?.types.includes(pictureDragType)

  /** The window, which takes files anywhere, must not refuse what is ours. */
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
