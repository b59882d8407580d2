import { expect, it, vi } from 'vitest'
import { saveFrame } from '../../../../src/renderer/actions/frame'
import { useEncoding } from '../../../../src/renderer/stores/encoding'
import { useFrames } from '../../../../src/renderer/stores/frames'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useModel } from '../../../../src/renderer/stores/model'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { usePlayer } from '../../../../src/renderer/stores/player'
import { useSettings } from '../../../../src/renderer/stores/settings'
import { useTimeline } from '../../../../src/renderer/stores/timeline'
import { failure, installFakeStudio, modelInfo, pictureInfo } from '../fakeStudio'

const decodeIn = (steps: number) => (useSettings().decode = { ...useSettings().decode, steps })

it('saves a frame with the settings it was made with, whatever is chosen while its place is asked for, or before it replaces a file (would catch a frame of a film that was never shown)', async () => {
  vi.stubGlobal('createImageBitmap', async () => ({ width: 1, height: 1, close: () => undefined }))
  const { callsOf } = installFakeStudio({
    'latent.encode': () => ({ fidelity: null }),
    'animation.frames': () => new Promise(() => undefined),
    'dialog.saveExport': () => {
      decodeIn(9)
      return '/out/frame.png'
    },
    'animation.export': ({ target }: { target: { overwrite: boolean } }) => {
      if (!target.overwrite) throw failure('EXISTS')
      return { bytes: 1 }
    },
  })
  useModel().info = modelInfo
  decodeIn(23)
  const pictures = useLibrary().add(['a.png', 'b.png'].map(pictureInfo))
  useTimeline().insert(pictures.map(({ id }) => id))
  useEncoding().enqueue(pictures)
  await expect.poll(() => useFrames().isReady(3)).toBe(true)
  usePlayer().seek(3)
  await saveFrame()
  decodeIn(11)
  useNotices().notices[0].action!.run()
  await expect.poll(() => useNotices().notices.at(-1)?.title).toBe('Frame saved')
  const steps = callsOf('animation.export').map(
    ({ input }) => (input as { decode: { steps: number } }).decode.steps,
  )
  expect(steps).toEqual([23, 23])
})
