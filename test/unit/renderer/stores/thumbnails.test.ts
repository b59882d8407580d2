import { effectScope, nextTick } from 'vue'
import { beforeEach, expect, it } from 'vitest'
import { useThumbnail } from '../../../../src/renderer/composables/useThumbnail'
import { useEncoding } from '../../../../src/renderer/stores/encoding'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useModel } from '../../../../src/renderer/stores/model'
import { useSettings } from '../../../../src/renderer/stores/settings'
import { useThumbnails } from '../../../../src/renderer/stores/thumbnails'
import { installFakeStudio, modelInfo, pictureInfo } from '../fakeStudio'

let studio: ReturnType<typeof installFakeStudio>
beforeEach(() => {
  studio = installFakeStudio({ 'picture.preview': () => new Uint8Array() })
  useLibrary().add([pictureInfo('a.png')])
})

const sizes = () =>
  studio.callsOf('picture.preview').map(({ input }) => {
    const { width, height } = input as { width: number; height: number }
    return [width, height]
  })

it('requests thumbnails once per aspect ratio of the model (would catch square thumbnails for a model that is not square)', async () => {
  const [picture] = useLibrary().pictures
  const model = useModel()
  for (const [width, height] of [
    [64, 64],
    [128, 64],
    [48, 96],
    [32, 32],
  ]) {
    model.info = { ...modelInfo, picture: { channels: 3, width, height } }
    await useThumbnails().thumbnailOf(picture)
  }
  expect(sizes()).toEqual([
    [224, 224],
    [224, 112],
    [112, 224],
  ])
})

it('updates shown thumbnails when the model changes (would catch tiles in the previous model’s shape)', async () => {
  const [picture] = useLibrary().pictures
  const scope = effectScope()
  scope.run(() => useThumbnail(() => picture))
  useModel().info = { ...modelInfo, picture: { channels: 3, width: 128, height: 64 } }
  await nextTick()
  expect(sizes()).toEqual([
    [224, 224],
    [224, 112],
  ])
  scope.stop()
})

it('shows a seed as it decodes under the current settings, also after a return to earlier ones (would catch the thumbnail of the settings before)', async () => {
  installFakeStudio({
    'latent.info': () => ({}),
    'animation.frames': ({ decode }: { decode: { eta: number } }) => ({
      frames: [new Uint8Array([decode.eta])],
    }),
  })
  useModel().info = modelInfo
  const seed = { id: 's', name: 'Seed 7', kind: 'seed' as const, seed: 7 }
  useLibrary().addLatents([seed])
  const settings = useSettings()
  const encoding = useEncoding()
  const scope = effectScope()
  const { png } = scope.run(() => useThumbnail(() => seed))!
  for (const eta of [0, 1, 0]) {
    settings.decode = { ...settings.decode, eta }
    encoding.enqueue([seed])
    await expect.poll(() => encoding.isReady(seed)).toBe(true)
    await expect.poll(() => png.value?.[0]).toBe(eta)
  }
  scope.stop()
})
