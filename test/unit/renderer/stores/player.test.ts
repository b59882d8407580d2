import { beforeEach, expect, it } from 'vitest'
import { nextTick } from 'vue'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { usePlayer } from '../../../../src/renderer/stores/player'
import { useTimeline } from '../../../../src/renderer/stores/timeline'
import { installFakeStudio, pictureInfo } from '../fakeStudio'

beforeEach(() => {
  installFakeStudio({})
  useLibrary().add(['a.png', 'b.png'].map(pictureInfo))
})

it('stops when its film goes away, so that the next one does not play by itself', async () => {
  const ids = useLibrary().pictures.map(({ id }) => id)
  useTimeline().insert(ids)
  usePlayer().play()
  expect(usePlayer().playing).toBe(true)
  useTimeline().clear()
  await nextTick()
  useTimeline().insert(ids)
  expect(usePlayer().playing).toBe(false)
})
