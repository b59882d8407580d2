import { useDevicePixelRatio, useElementSize, useEventListener } from '@vueuse/core'
import { computed, ref, type Ref } from 'vue'
import { isDialogOpen, keepsKey } from '../actions/shortcuts'
import { panBy, pictureScale, wholePicture, zoomAt, type PictureView, type Size } from '../kit/pictureView'
import { useViewing } from '../stores/viewing'

const wheelSpeed = 0.0018
const keyFactor = 1.5
const keyStep = 40

/**
 * Zooms and pans a picture with the wheel, drags, double clicks, and any keys that nothing else uses.
 *
 * @param boxOf  finds the box of one picture within the element under the pointer: pictures side by side share
 * a view
 * @param picture  size of the picture in pixels
 */
export function useZoomPan(
  element: Ref<HTMLElement | null>,
  boxOf: (target: Element) => DOMRect | null,
  picture: () => Size,
) {
  const viewing = useViewing()
  const { pixelRatio } = useDevicePixelRatio()
  const watched = ref<PictureView>(wholePicture)
  /** With sharp pixels, each pixel of the picture takes a whole number of display pixels. */
  const view = computed<PictureView>({
    get: () => ({ ...watched.value, quantum: viewing.enlargement === 'sharp' ? 1 / pixelRatio.value : 0 }),
    set: (next) => (watched.value = next),
  })

  /** Zooms around a point in the window, or around the centre. */
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
  useEventListener(window, 'keydown', (event) => {
    const target = event.target instanceof Element ? event.target : document.body
    if (event.defaultPrevented || isDialogOpen() || keepsKey(target, event)) return
    if (event.ctrlKey || event.metaKey) return
    if (event.key === '+' || event.key === '=') zoomBy(keyFactor)
    else if (event.key === '-') zoomBy(1 / keyFactor)
    else if (event.key === '0') view.value = wholePicture
    else if (event.altKey && event.key in arrows) pan(...arrows[event.key])
    else return
    event.preventDefault()
  })

  const { width, height } = useElementSize(element)
  /** The picture's size, and the display pixels per picture pixel: "64 × 64 · 8×". */
  const sizeText = computed(() => {
    const box = element.value && width.value + height.value > 0 && boxOf(element.value)
    const { width: across, height: down } = picture()
    const scale = box ? pictureScale(box, picture(), view.value) * pixelRatio.value : 1
    return `${across} × ${down} · ${Number(scale.toFixed(scale < 10 ? 1 : 0))}×`
  })

  return { view, sizeText, zoomBy, reset: () => (view.value = wholePicture) }
}

const arrows: Record<string, [number, number]> = {
  ArrowLeft: [keyStep, 0],
  ArrowRight: [-keyStep, 0],
  ArrowUp: [0, keyStep],
  ArrowDown: [0, -keyStep],
}
