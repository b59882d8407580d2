import { shallowRef, watchEffect } from 'vue'
import { evenSide, supportedVideo, type VideoChoice } from '../../export/videoCodecs'
import { useWorkspace } from '../../stores/workspace'

/**
 * The video codecs that this machine can encode with at a size and frame rate; empty until they are known.
 *
 * @param shape  returns width and height in pixels, and frames per second
 */
export function useSupportedVideo(shape: () => { width: number; height: number; fps: number }) {
  const supported = shallowRef<readonly VideoChoice[]>([])
  watchEffect(async (onCleanup) => {
    let isOutdated = false
    onCleanup(() => (isOutdated = true))
    // Querying the encoders takes time, which should not delay the start of the app.
    if (useWorkspace().dialog !== 'export') return
    const { width, height, fps } = shape()
    const found = await supportedVideo({ width: evenSide(width), height: evenSide(height), fps })
    if (!isOutdated) supported.value = found
  })
  return supported
}
