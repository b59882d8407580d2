import { effectScope, nextTick } from 'vue'
import { beforeEach, expect, it } from 'vitest'
import { useThumbnail } from '../../../../src/renderer/composables/useThumbnail'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useModel } from '../../../../src/renderer/stores/model'
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
