/**
 * How a picture is viewed. At `zoom` 1 it fits into its box. The point (cx, cy) of the picture, each from 0 to
 * 1, is at the centre. With a `quantum`, every pixel takes the same whole multiple of that many units of the
 * box.
 */
export interface PictureView {
  readonly zoom: number
  readonly cx: number
  readonly cy: number
  readonly quantum?: number
}

export interface Size {
  width: number
  height: number
}

export interface Rect extends Size {
  x: number
  y: number
}

export const wholePicture: PictureView = { zoom: 1, cx: 0.5, cy: 0.5 }
const maxZoom = 32

/** Returns how many units of the box one pixel of the picture takes. */
export function pictureScale(box: Size, picture: Size, { zoom, quantum = 0 }: PictureView): number {
  const scale = Math.min(box.width / picture.width, box.height / picture.height) * zoom
  // Nearly a whole multiple counts as one: 7.9999 is a rounding error.
  return quantum > 0 && scale >= quantum ? Math.floor(scale / quantum + 1e-6) * quantum : scale
}

/** Returns where a picture lies in a box, both in the box's unit. */
export function pictureRect(box: Size, picture: Size, view: PictureView): Rect {
  const { cx, cy } = view
  const scale = pictureScale(box, picture, view)
  const width = picture.width * scale
  const height = picture.height * scale
  return { x: box.width / 2 - cx * width, y: box.height / 2 - cy * height, width, height }
}

/**
 * Zooms by a factor, keeping the point of the picture under `anchor` in place.
 *
 * @param anchor  in the box, from its top left corner
 */
export function zoomAt(
  view: PictureView,
  factor: number,
  box: Size,
  picture: Size,
  anchor: { x: number; y: number },
): PictureView {
  const zoom = Math.max(1, Math.min(maxZoom, view.zoom * factor))
  const before = pictureRect(box, picture, view)
  const after = pictureRect(box, picture, { ...view, zoom })
  const fromMiddle = { x: anchor.x - box.width / 2, y: anchor.y - box.height / 2 }
  return bounded({
    ...view,
    zoom,
    cx: view.cx + fromMiddle.x / before.width - fromMiddle.x / after.width,
    cy: view.cy + fromMiddle.y / before.height - fromMiddle.y / after.height,
  })
}

/** Moves the picture by a distance in the box. */
export function panBy(view: PictureView, box: Size, picture: Size, dx: number, dy: number): PictureView {
  const { width, height } = pictureRect(box, picture, view)
  return bounded({ ...view, cx: view.cx - dx / width, cy: view.cy - dy / height })
}

/** Keeps a fitted picture centred, and the centre of the view within an enlarged one. */
function bounded(view: PictureView): PictureView {
  const { zoom, cx, cy } = view
  const room = (1 - 1 / zoom) / 2
  const bound = (value: number): number => Math.max(0.5 - room, Math.min(0.5 + room, value))
  return { ...view, cx: bound(cx), cy: bound(cy) }
}
