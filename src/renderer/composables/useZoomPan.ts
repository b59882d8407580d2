import { useEventListener } from '@vueuse/core'
import { ref, type Ref } from 'vue'
import { panBy, wholePicture, zoomAt, type PictureView, type Size } from './pictureView'

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
  let box: DOMRect | null = null

  function zoomBy(factor: number, anchor?: { x: number; y: number }): void {
    const area = box ?? (element.value && boxOf(element.value))
    if (!area) return
    view.value = zoomAt(
      view.value,
      factor,
      area,
      picture(),
      anchor ?? { x: area.width / 2, y: area.height / 2 },
    )
  }

  useEventListener(
    element,
    'wheel',
    (event) => {
      event.preventDefault()
      box = boxOf(event.target as Element)
      if (!box) return
      const anchor = { x: event.clientX - box.left, y: event.clientY - box.top }
      zoomBy(Math.exp(-event.deltaY * wheelSpeed), anchor)
    },
    { passive: false },
  )
  useEventListener(element, 'pointermove', (event) => {
    if (event.buttons !== 1 || event.defaultPrevented) return
    box = boxOf(event.target as Element)
    if (box) view.value = panBy(view.value, box, picture(), event.movementX, event.movementY)
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

  function pan(x: number, y: number): void {
    const area = box ?? (element.value && boxOf(element.value))
    if (area) view.value = panBy(view.value, area, picture(), x * keyStep, y * keyStep)
  }

  return { view, zoomBy, reset: () => (view.value = wholePicture) }
}

const arrows: Record<string, [number, number]> = {
  ArrowLeft: [1, 0],
  ArrowRight: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
}
