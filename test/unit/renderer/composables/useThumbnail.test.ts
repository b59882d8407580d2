import { expect, it } from 'vitest'
import { effectScope } from 'vue'
import { useThumbnail } from '../../../../src/renderer/composables/useThumbnail'
import { newPicture } from '../../../../src/renderer/stores/library'
import { useMissing } from '../../../../src/renderer/stores/missing'
import { failure, installFakeStudio, pictureInfo } from '../fakeStudio'

it('draws a picture once its missing file is back where it was (would catch one that stays broken)', async () => {
  const bytes = new Uint8Array([1, 2, 3])
  let isThere = false
  installFakeStudio({
    'picture.preview': () => {
      if (!isThere) throw failure('NOT_FOUND')
      return bytes
    },
  })
  const picture = newPicture(pictureInfo('a.png'))
  useMissing().paths = new Set([picture.info.path])
  const scope = effectScope()
  const { png, broken } = scope.run(() => useThumbnail(() => picture))!
  await expect.poll(() => broken.value).toBe(true)
  isThere = true
  useMissing().noteRead([picture.info.path])
  await expect.poll(() => png.value).toEqual(bytes)
  expect(broken.value).toBe(false)
  scope.stop()
})
