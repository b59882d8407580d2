import { beforeEach, expect, it } from 'vitest'
import { useFocusItem, useFocusPicture } from '../../../../src/renderer/composables/useFocusItem'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useTimeline } from '../../../../src/renderer/stores/timeline'
import { installFakeStudio, pictureInfo } from '../fakeStudio'

let picture: string
beforeEach(() => {
  installFakeStudio({})
  picture = useLibrary().add([pictureInfo('apple.png')])[0].id
  useLibrary().addLatents([{ id: 's', name: 'Seed 7', kind: 'seed', seed: 7 }])
})

it('is the picture that is selected', () => {
  useLibrary().select(['s', picture])
  expect(useFocusPicture().value?.name).toBe('Apple')
})

it.each([
  ['selected', () => useLibrary().select(['s'])],
  ['under the playhead', () => (useLibrary().select([]), useTimeline().insert(['s']))],
])('is no picture while a seed is %s (would catch a repair of a picture that nobody chose)', (_, choose) => {
  choose()
  expect(useFocusItem().value?.name).toBe('Seed 7')
  expect(useFocusPicture().value).toBeNull()
})

it('is nothing in an empty library', () => {
  useLibrary().remove([picture, 's'])
  expect([useFocusItem().value, useFocusPicture().value]).toEqual([null, null])
})
