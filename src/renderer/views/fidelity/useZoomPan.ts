import { useEventListener } from '@vueuse/core'
import { ref, type Ref } from 'vue'
import { panBy, wholePicture, zoomAt, type PictureView, type Size } from '../../kit/pictureView'

const wheelSpeed = 0.0018
const keyFactor = 1.5
const keyStep = 40

/**
 * Looking at a picture closely with wheel, drag, double click and keys.
 *
 * @param boxOf  finds the box of one picture within the element that was pointed at: pictures side by side share a view
 * @param picture  size of the picture in pixels
 */
export function useZoomPan(
  element: Ref<HTMLElement | null>,
  boxOf: (target: Element) => DOMRect | null,
  picture: () => Size,
) {
  const view = ref<PictureView>(wholePicture)

  /** Zooms about a point of the window, or about the middle. */
  function zoomBy(factor: number, target: Element | null = element.value, pointer?: MouseEvent): void {
    const box = target && boxOf(target)
    if (!box) return
    const anchor = pointer
      ? { x: pointer.clientX - box.left, y: pointer.clientY - box.top }
      : { x: box.width / 2, y: box.height / 2 }
    view.value = zoomAt(view.value, factor, box, picture(), anchor)
  }

  function pan(dx: number, dy: number, target: Element | null = element.value): void {
    const box = target && boxOf(target)
    if (box) view.value = panBy(view.value, box, picture(), dx, dy)
  }

  useEventListener(
    element,
    'wheel',
    (event) => {
      event.preventDefault()
      zoomBy(Math.exp(-event.deltaY * wheelSpeed), event.target as Element, event)
    },
    { passive: false },
  )
  useEventListener(element, 'pointermove', (event) => {
    if (event.buttons !== 1 || event.defaultPrevented) return
    pan(event.movementX, event.movementY, event.target as Element)
  })
  useEventListener(element, 'dblclick', () => (view.value = wholePicture))
  useEventListener(element, 'keydown', (event) => {
    if (event.key === '+' || event.key === '=') zoomBy(keyFactor)
    else if (event.key === '-') zoomBy(1 / keyFactor)
    else if (event.key === '0') view.value = wholePicture
    else if (event.altKey && event.key in arrows) pan(...arrows[event.key])
    else return
    event.preventDefault()
  })

  return { view, zoomBy, reset: () => (view.value = wholePicture) }
}

const arrows: Record<string, [number, number]> = {
  ArrowLeft: [keyStep, 0],
  ArrowRight: [-keyStep, 0],
  ArrowUp: [0, keyStep],
  ArrowDown: [0, -keyStep],
}
