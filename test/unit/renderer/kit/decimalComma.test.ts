import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { insertPointForComma, withoutThousandsComma } from '../../../../src/renderer/kit/decimalComma'

class FakeInputEvent extends Event {
  readonly data: string | null
  readonly inputType: string
  readonly isComposing: boolean
  constructor(type: string, { data = null, inputType = '', isComposing = false, ...init }: InputEventInit) {
    super(type, init)
    this.data = data
    this.inputType = inputType
    this.isComposing = isComposing
  }
}

beforeEach(() => vi.stubGlobal('InputEvent', FakeInputEvent))
afterEach(() => vi.unstubAllGlobals())

/** A text field that, like the number field around it, refuses insertions that leave no part of a number. */
class FakeField extends EventTarget {
  inputs = 0
  constructor(
    public value = '',
    public selectionStart = value.length,
    public selectionEnd = value.length,
  ) {
    super()
    this.addEventListener('beforeinput', (event) => insertPointForComma(event as InputEvent))
    this.addEventListener('beforeinput', (event) => {
      if (!/^-?\d*(\.\d*)?$/.test(this.with((event as InputEvent).data ?? ''))) event.preventDefault()
    })
    this.addEventListener('input', () => this.inputs++)
  }

  with(text: string): string {
    return this.value.slice(0, this.selectionStart) + text + this.value.slice(this.selectionEnd)
  }

  setRangeText(text: string, start: number, end: number): void {
    this.value = this.value.slice(0, start) + text + this.value.slice(end)
    this.selectionStart = this.selectionEnd = start + text.length
  }

  /** Does what the browser does: inserts the text of an event that nobody prevented. */
  insert(data: string, inputType = 'insertText', isComposing = false): void {
    const event = new FakeInputEvent('beforeinput', { data, inputType, isComposing, cancelable: true })
    if (!this.dispatchEvent(event)) return
    this.setRangeText(data, this.selectionStart, this.selectionEnd)
    this.dispatchEvent(new Event('input'))
  }

  type(text: string): this {
    for (const character of text) this.insert(character)
    return this
  }
}

it.each([
  ['29,97', '29.97'],
  ['0,5', '0.5'],
  ['-1,5', '-1.5'],
  ['29.97', '29.97'],
])('%s, typed, becomes %s (would catch 29,97 that becomes 2997)', (typed, expected) => {
  expect(new FakeField().type(typed).value).toBe(expected)
})

it('pastes a number with a decimal comma', () => {
  const field = new FakeField()
  field.insert('29,97', 'insertFromPaste')
  expect(field.value).toBe('29.97')
})

it('replaces the selected text and tells the field, which shows what it was last told', () => {
  const field = new FakeField('297', 1, 2)
  field.insert(',')
  expect(field.value).toBe('2.7')
  expect(field.inputs).toBe(1)
})

it('leaves it to the field to refuse a second separator', () => {
  expect(new FakeField().type('1,2,3').value).toBe('1.23')
  const field = new FakeField()
  field.insert('1,000.5', 'insertFromPaste')
  expect(field.value).toBe('')
})

it('leaves text that is being composed alone', () => {
  const event = new FakeInputEvent('beforeinput', { data: ',', isComposing: true, cancelable: true })
  insertPointForComma(event as unknown as InputEvent)
  expect(event.defaultPrevented).toBe(false)
})

it.each([
  ['1,000', 1e6, '1000'],
  ['12,500', 1e6, '12500'],
  ['1,000,000', 1e6, '1000000'],
  ['0,5', 1e6, '0.5'],
  ['0,125', 1e6, '0.125'],
  ['1,5', 1e6, '1.5'],
  ['23,976', 120, '23.976'],
])(
  '%s, typed in a field of up to %d, is read as %s (would catch a limit of 1,000 GB that becomes 1 GB)',
  (typed, max, expected) => {
    expect(withoutThousandsComma(new FakeField().type(typed).value, max)).toBe(expected)
  },
)
