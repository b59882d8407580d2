import { beforeEach, describe, expect, it, vi } from 'vitest'
import { shallowRef } from 'vue'
import type { ActionRow } from '../../../../src/renderer/actions/actionRows'
import { itemRows } from '../../../../src/renderer/actions/itemRows'
import { useEncoding } from '../../../../src/renderer/stores/encoding'
import { pathOfItem, useLibrary, type Item } from '../../../../src/renderer/stores/library'
import { useLibraryView } from '../../../../src/renderer/stores/libraryView'
import { useMissing } from '../../../../src/renderer/stores/missing'
import { useTimeline } from '../../../../src/renderer/stores/timeline'
import { useLibraryKeys } from '../../../../src/renderer/views/library/useLibraryKeys'
import { actionIcons } from '../../../../src/renderer/widgets/actionIcons'
import { installFakeStudio, pictureInfo } from '../fakeStudio'

beforeEach(() => {
  installFakeStudio({})
  useLibrary().add(['a.png', 'b.png', 'c.png'].map(pictureInfo))
})

const items = () => useLibrary().items
const rowsOf = (item: Item) => itemRows(item).flat()
const titlesOf = (item: Item) => rowsOf(item).map(({ title }) => title)
const row = (item: Item, id: string): ActionRow => rowsOf(item).find((one) => one.id === id)!

describe('the menu of a library item', () => {
  it('applies to the whole selection when the item is part of it, and to the item alone otherwise', () => {
    useLibrary().select(
      items()
        .slice(0, 2)
        .map(({ id }) => id),
    )
    expect(titlesOf(items()[0])).toContain('Save 2 latents…')
    expect(titlesOf(items()[0])).toContain('Mix these 2')
    expect(titlesOf(items()[2])).toContain('Save latent…')
    row(items()[0], 'add').run()
    expect(useTimeline().items.map(({ name }) => name)).toEqual(['A', 'B'])
    row(items()[2], 'remove').run()
    expect(items().map(({ name }) => name)).toEqual(['A', 'B'])
  })

  it('offers cropping for pictures only, and no “Show in folder” for a seed', () => {
    useLibrary().addLatents([{ id: 's', name: 'Seed 7', kind: 'seed', seed: 7 }])
    expect(titlesOf(items()[0])).toContain('Crop and fit…')
    expect(titlesOf(items()[3])).not.toContain('Crop and fit…')
    expect(titlesOf(items()[3])).not.toContain('Show in folder')
  })

  it('offers encoding for what has its file only (would catch a command that does nothing)', () => {
    const [first, second] = items()
    useMissing().paths = new Set([pathOfItem(first)])
    expect(titlesOf(first)).not.toContain('Encode')
    useLibrary().select([first.id, second.id])
    const enqueue = vi.spyOn(useEncoding(), 'enqueue').mockReturnValue()
    row(first, 'encode').run()
    expect(enqueue).toHaveBeenCalledWith([second], { retry: true })
  })

  it('has an icon for each action', () => {
    useLibrary().select(items().map(({ id }) => id))
    const rows = rowsOf(items()[0])
    expect(rows).not.toEqual([])
    for (const { id } of rows) expect(actionIcons[id]).toBeDefined()
  })
})

it('applies the menu’s shortcuts to the focused tile, and leaves other keys alone', () => {
  const keys = useLibraryKeys(shallowRef(null))
  keys.choose(items()[1], { ctrlKey: false, metaKey: false, shiftKey: false })
  let taken = 0
  const press = (key: string, ctrlKey = false): void =>
    keys.onKey({
      key,
      ctrlKey,
      metaKey: false,
      shiftKey: false,
      altKey: false,
      preventDefault: () => (taken += 1),
      stopPropagation: () => undefined,
    } as unknown as KeyboardEvent)
  press('F2')
  expect(useLibraryView().renaming).toBe(items()[1])
  press('Enter')
  expect(useTimeline().items.map(({ name }) => name)).toEqual(['B'])
  expect(taken).toBe(2)
  press('c', true)
  expect(taken).toBe(2)
})
