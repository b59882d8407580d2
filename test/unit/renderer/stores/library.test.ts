import { beforeEach, expect, it } from 'vitest'
import { watch } from 'vue'
import { useDocument } from '../../../../src/renderer/stores/document'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { installFakeStudio, pictureInfo } from '../fakeStudio'

beforeEach(() => void installFakeStudio({}))

const names = () => useLibrary().pictures.map(({ info }) => info.name)

it('adds each file once, also if it comes twice at once', () => {
  const library = useLibrary()
  const [a] = library.add([pictureInfo('a.png')])
  const added = library.add(['b.png', 'a.png', 'c.png', 'b.png'].map(pictureInfo))
  expect(names()).toEqual(['a.png', 'b.png', 'c.png'])
  expect(added.map(({ info }) => info.name)).toEqual(['b.png', 'a.png', 'c.png', 'b.png'])
  expect([added[1].id, added[3].id]).toEqual([a.id, added[0].id])
})

it('adds many pictures in one change, and none in none (would catch an import whose time grows with its square)', () => {
  let changes = 0
  watch(
    () => useDocument().value,
    () => changes++,
    { flush: 'sync' },
  )
  const infos = Array.from({ length: 50 }, (_unused, at) => pictureInfo(`${at}.png`))
  useLibrary().add(infos)
  expect([names().length, changes]).toEqual([50, 1])
  useLibrary().add(infos)
  expect([names().length, changes]).toEqual([50, 1])
})
