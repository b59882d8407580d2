import { afterEach, beforeEach, expect, it } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import { useHeldItem } from '../../../../src/renderer/composables/useHeldItem'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { installFakeStudio, pictureInfo } from '../fakeStudio'

let scope: EffectScope
let field: ReturnType<typeof useHeldItem>
let ids: string[]
beforeEach(() => {
  installFakeStudio({})
  ids = useLibrary()
    .add(['a.png', 'b.png'].map(pictureInfo))
    .map(({ id }) => id)
  scope = effectScope()
  field = scope.run(useHeldItem)!
})
afterEach(() => scope.stop())

const shown = () => field.item.value?.name

it('is the focus item, but while the field has the focus the one it was entered for (would catch a class that lands on the next picture)', () => {
  useLibrary().select([ids[0]])
  field.handlers.focusin()
  useLibrary().select([ids[1]])
  expect(shown()).toBe('A')
  useLibrary().setClass(ids[0], 3)
  expect(field.item.value).toMatchObject({ class: 3 })
  field.handlers.focusout()
  expect(shown()).toBe('B')
})

it('is nothing without items', () => {
  field.handlers.focusin()
  useLibrary().remove(ids)
  expect(field.item.value).toBeNull()
})
