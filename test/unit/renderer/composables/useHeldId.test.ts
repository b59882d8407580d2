import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, shallowRef, type EffectScope } from 'vue'
import { commitFocusedField } from '../../../../src/renderer/base/commitFocusedField'
import { useHeldId } from '../../../../src/renderer/composables/useHeldId'

const current = shallowRef<string | null>(null)
const known = shallowRef<readonly string[]>([])
let scope: EffectScope
let field: ReturnType<typeof useHeldId>
beforeEach(() => {
  known.value = ['a', 'b']
  current.value = 'a'
  scope = effectScope()
  field = scope.run(() =>
    useHeldId(
      () => current.value,
      (id) => known.value.includes(id),
    ),
  )!
})
afterEach(() => {
  scope.stop()
  vi.unstubAllGlobals()
})

it('is about what was current when the field got the focus (would catch a text committed to the next picture)', () => {
  field.handlers.focusin()
  current.value = 'b'
  expect(field.id.value).toBe('a')
  field.handlers.focusout()
  expect(field.id.value).toBe('b')
})

it('stays about the same thing when its text is taken over without leaving it (would catch more text for the next picture)', () => {
  const activeElement = { matches: () => true, blur: field.handlers.focusout, focus: field.handlers.focusin }
  vi.stubGlobal('document', { activeElement })
  field.handlers.focusin()
  current.value = 'b'
  commitFocusedField()
  expect(field.id.value).toBe('a')
  field.handlers.focusout()
  expect(field.id.value).toBe('b')
})

it('lets go of what is gone, also if it comes back', () => {
  field.handlers.focusin()
  current.value = 'b'
  known.value = ['b']
  expect(field.id.value).toBe('b')
  known.value = ['a', 'b']
  expect(field.id.value).toBe('b')
})
