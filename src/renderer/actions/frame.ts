import { enlarge } from '#core/picture/enlarge'
import { limits } from '#shared/limits'
import { segmentRequest } from '../timeline/framePlans'
import { request } from '../base/api'
import { pngBlob } from '../base/pngBlob'
import { canvasOfPixels, pixelsOfBitmap } from '../base/bitmapPixels'
import { useFrames } from '../stores/frames'
import { useModel } from '../stores/model'
import { useNotices } from '../stores/notices'
import { usePlayer } from '../stores/player'
import { useSettings } from '../stores/settings'
import { useTimeline } from '../stores/timeline'
import { useViewing } from '../stores/viewing'
import { askAndRun } from './askAndRun'

/** Pixels on a frame's longer side outside the window, if possible: a 64-pixel picture is tiny elsewhere. */
const wantedSide = 512

/** Copies the frame under the playhead to the clipboard, as large as it would be saved. */
export async function copyFrame(): Promise<void> {
  const name = frameName()
  const png = await framePng()
  if (!png) return
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': pngBlob(png) })])
    useNotices().show({ tone: 'good', title: `${name} copied` })
  } catch (thrown) {
    useNotices().fail('The frame couldn’t be copied', thrown)
  }
}

/** Hands the frame under the playhead to the system as a file, for a drag that has begun. */
export async function dragFrame(): Promise<void> {
  const name = frameName()
  const png = await framePng()
  if (png) await request('shell.dragPicture', { png, name })
}

/**
 * Asks for a file and saves the frame under the playhead in full quality, along with how it was made. The frame
 * is the one that is there when the dialog opens.
 */
export async function saveFrame(): Promise<void> {
  const { source: model, info } = useModel()
  const timeline = useTimeline()
  const { playhead } = usePlayer()
  if (!model || !info || !useFrames().isReady(playhead)) return
  const { plan, index: frame } = segmentRequest(timeline, playhead)
  const target = { format: 'still' as const, frame, scale: scaleOf(info.picture) }
  const { decode } = useSettings()
  const { enlargement } = useViewing()
  await askAndRun({
    failed: 'The frame couldn’t be saved',
    ask: () => request('dialog.saveExport', { format: 'still', name: frameName() }),
    run: (path, overwrite) =>
      request('animation.export', {
        model,
        plan,
        decode,
        target: { ...target, enlargement, path, overwrite },
      }),
    done: (path) => ({ title: 'Frame saved', detail: path }),
  })
}

/** Returns the file name for the frame. */
function frameName(): string {
  const { items } = useTimeline()
  const names = [...new Set([items[0]?.name, items.at(-1)?.name])].filter(Boolean).join(' to ')
  return `${names}, frame ${usePlayer().playhead + 1}`
}

function scaleOf({ width, height }: { width: number; height: number }): number {
  return Math.min(limits.scale.max, Math.ceil(wantedSide / Math.max(width, height)))
}

/** Returns the frame as it is shown, as PNG bytes; null if there is none. */
async function framePng(): Promise<Uint8Array<ArrayBuffer> | null> {
  const frame = useFrames().kept.frameAt(usePlayer().playhead)
  if (!frame) return null
  const pixels = pixelsOfBitmap(frame.bitmap)
  const canvas = canvasOfPixels(enlarge(pixels, scaleOf(pixels), useViewing().enlargement))
  return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())
}
