import { expect, it } from 'vitest'
import { effectScope, ref } from 'vue'
import type { BezierHandles } from '#core/timeline/easing'
import { useHandlesField } from '../../../../../src/renderer/views/inspector/useHandlesField'

/** A field for a segment's curve, and what it changed the curve to. */
function openField() {
  const handles = ref<BezierHandles>([0.42, 0, 0.58, 1])
  const segment = ref(0)
  const taken: BezierHandles[] = []
  const field = effectScope().run(() =>
    useHandlesField(
      () => handles.value,
      () => segment.value,
      (next) => taken.push((handles.value = next)),
    ),
  )!
  return { field, handles, segment, taken }
}

it('keeps what it cannot read, until that is corrected (would catch text that is lost for one wrong digit)', () => {
  const { field, taken } = openField()
  field.text.value = '0.9, -0.5, 0.2, 0.8'
  expect(field.wrong.value).toBe(false)
  field.take()
  expect([field.text.value, field.wrong.value]).toEqual(['0.9, -0.5, 0.2, 0.8', true])
  field.text.value = '0.9, 0.5, 0.2, 0.8'
  expect(field.wrong.value).toBe(false)
  field.take()
  expect(taken).toEqual([[0.9, 0.5, 0.2, 0.8]])
  expect(field.text.value).toBe('0.90, 0.50, 0.20, 0.80')
  field.take()
  expect(taken).toHaveLength(1)
})

it.each<[string, (opened: ReturnType<typeof openField>) => void, string]>([
  ['Escape', ({ field }) => field.restore(), '0.42, 0.00, 0.58, 1.00'],
  ['a drag', ({ handles }) => (handles.value = [0, 0, 1, 1]), '0.00, 0.00, 1.00, 1.00'],
  ['another segment with the same curve', ({ segment }) => segment.value++, '0.42, 0.00, 0.58, 1.00'],
])('shows the curve’s own handles after %s', (_, happen, shown) => {
  const opened = openField()
  opened.field.text.value = 'x'
  opened.field.take()
  happen(opened)
  expect([opened.field.text.value, opened.field.wrong.value]).toEqual([shown, false])
})
