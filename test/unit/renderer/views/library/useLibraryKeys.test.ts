import { beforeEach, describe, expect, it } from 'vitest'
import { shallowRef } from 'vue'
import { useLibrary } from '../../../../../src/renderer/stores/library'
import { useLibraryView } from '../../../../../src/renderer/stores/libraryView'
import { useLibraryKeys } from '../../../../../src/renderer/views/library/useLibraryKeys'
import { installFakeStudio, pictureInfo } from '../../fakeStudio'

let keys: ReturnType<typeof useLibraryKeys>
let ids: string[]

beforeEach(() => {
  installFakeStudio({})
  const pictures = useLibrary().add(['a.png', 'b.png', 'c.png', 'd.png', 'e.png'].map(pictureInfo))
  ids = pictures.map(({ id }) => id)
  keys = useLibraryKeys(shallowRef(null))
})

const click = (id: string, shiftKey = false) =>
  keys.choose(useLibrary().byId.get(id)!, { ctrlKey: false, metaKey: false, shiftKey })
const press = (key: string) =>
  keys.onKey({ key, preventDefault: () => undefined, stopPropagation: () => undefined } as KeyboardEvent)

describe('removing with the keyboard', () => {
  it('continues from the picture that moves into the freed place (would catch a second Delete that removes the first picture)', () => {
    click(ids[2])
    press('Delete')
    expect(keys.tabStop.value).toBe(ids[3])
    press('Delete')
    expect(useLibrary().pictures.map(({ id }) => id)).toEqual([ids[0], ids[1], ids[4]])
    click(ids[1], true)
    expect(useLibrary().selectedIds).toEqual([ids[1], ids[4]])
  })

  it('continues from the last remaining picture when the end was removed, and from none in an empty library', () => {
    click(ids[1])
    click(ids[4], true)
    press('Delete')
    expect(keys.tabStop.value).toBe(ids[0])
    press('Delete')
    expect(keys.tabStop.value).toBeUndefined()
  })

  it('lets a Shift click select a single picture when the start of the range is gone', () => {
    click(ids[2])
    useLibrary().remove([ids[2]])
    click(ids[4], true)
    expect(useLibrary().selectedIds).toEqual([ids[4]])
  })
})

it('selects a single picture by a Shift click after a search that hides the start of the range, and ranges from there', () => {
  click(ids[0])
  useLibraryView().query = 'e'
  click(ids[4], true)
  expect(useLibrary().selectedIds).toEqual([ids[4]])
  useLibraryView().query = ''
  click(ids[2], true)
  expect(useLibrary().selectedIds).toEqual([ids[2], ids[3], ids[4]])
})

describe('the buttons below the library', () => {
  it('remove like the Delete key (would catch a focus that vanishes with the buttons)', async () => {
    click(ids[1])
    click(ids[2], true)
    await keys.removeSelected()
    expect(useLibrary().pictures.map(({ id }) => id)).toEqual([ids[0], ids[3], ids[4]])
    expect(keys.tabStop.value).toBe(ids[3])
    useLibrary().select([ids[4]])
    await keys.removeSelected()
    expect(keys.tabStop.value).toBe(ids[3])
  })

  it('continue from the renamed item, which has the focus then', async () => {
    const focused: unknown[] = []
    const tile = { focus: () => focused.push(keys.tabStop.value) }
    const list = { querySelector: (selector: string) => (selector === '[tabindex="0"]' ? tile : null) }
    keys = useLibraryKeys(shallowRef(list as unknown as HTMLElement))
    click(ids[0])
    await keys.focusItem(useLibrary().byId.get(ids[3])!)
    expect(focused).toEqual([ids[3]])
  })
})
