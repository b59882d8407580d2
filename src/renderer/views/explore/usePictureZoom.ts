import { useTemplateRef } from 'vue'
import { useExplorePicture } from '../../stores/explorePicture'
import { useZoomPan } from '../../widgets/useZoomPan'

/** Zooms and pans the picture that is tried out; the element is `stage` in the template. */
export function usePictureZoom() {
  const picture = useExplorePicture()
  const stage = useTemplateRef<HTMLElement>('stage')
  const zoom = useZoomPan(
    stage,
    () => stage.value?.querySelector('[data-pane]')?.getBoundingClientRect() ?? null,
    () => picture.shown?.bitmap ?? { width: 1, height: 1 },
  )
  return { stage, ...zoom }
}
