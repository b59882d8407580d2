import type { PictureInfo } from '#shared/reports'
import { onScopeDispose, shallowRef, watch } from 'vue'
import { request } from '../../api'
import { pngBlob } from '../../pngBlob'
import { useNotices } from '../../stores/notices'

/** Pixels a side, at most, of the preview that the picture is cut out of: sharp enough to aim at. */
const largestSide = 1024

/** A picture as it is, not as it is fitted: the engine fits it into a square, and the margins are cut away here. */
export function useWholePicture(info: () => PictureInfo) {
  const bitmap = shallowRef<ImageBitmap | null>(null)
  let wanted = 0

  async function load({ path, width, height }: PictureInfo): Promise<void> {
    const ticket = ++wanted
    const side = Math.min(largestSide, Math.max(width, height))
    const fit = { mode: 'contain', background: '#000000' } as const
    const png = await request('picture.preview', { picture: { path, fit }, width: side, height: side })
    const scale = side / Math.max(width, height)
    const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))]
    const blob = pngBlob(png)
    const cut = await createImageBitmap(blob, Math.floor((side - w) / 2), Math.floor((side - h) / 2), w, h)
    if (ticket !== wanted) return cut.close()
    bitmap.value?.close()
    bitmap.value = cut
  }

  watch(
    info,
    (next) =>
      void load(next).catch((thrown: unknown) => useNotices().fail('The picture could not be shown', thrown)),
    { immediate: true },
  )
  onScopeDispose(() => {
    wanted++
    bitmap.value?.close()
  })
  return bitmap
}
