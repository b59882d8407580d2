import { expect, it } from 'vitest'
import { FieldText } from '../../../../src/renderer/kit/fieldText'

const event = (type: string, key?: string) => ({ type, key }) as unknown as Event
const blur = event('blur')
const enter = event('keydown', 'Enter')

function entered(found: string): FieldText {
  const text = new FieldText()
  text.found = found
  return text
}

it.each([blur, enter])(
  'applies nothing when the field is left, or Enter pressed, as it was found (would catch a weight of 0.2137 that becomes 0.214)',
  (cause) => {
    const text = entered('0.214')
    text.note(cause)
    expect(text.isUntouched('0.214')).toBe(true)
    expect(text.isUntouched('0.3')).toBe(false)
  },
)

it.each([event('keydown', 'ArrowUp'), event('wheel')])(
  'applies a step, although the text changes only afterwards',
  (cause) => {
    const text = entered('2.5')
    text.note(enter)
    text.note(cause)
    expect(text.isUntouched('2.5')).toBe(false)
  },
)

it('goes by the text that a change has left', () => {
  const text = entered('2')
  text.note(event('keydown', 'ArrowUp'))
  text.found = '3'
  text.note(blur)
  expect(text.isUntouched('3')).toBe(true)
})

const range = { min: 0, max: 10_000, whole: false }

it.each([
  ['1e3', '1000'],
  ['1e-7', '0.0000001'],
  ['29,97', '29.97'],
  ['1,000', '1000'],
])('goes on with %s as %s, which needs no reading between the characters', (typed, plain) => {
  expect(entered('24').settle(typed, range)).toBe(plain)
})

it.each(['24', '', ' '])('goes on with what it found if nothing was typed: %j', (typed) => {
  expect(entered('24').settle(typed, range)).toBe('24')
})

it('does not read what it found, which may lie beyond the range (would catch a value that is refused untouched)', () => {
  expect(entered('20000').settle('20000', range)).toBe('20000')
})

it.each(['-5', '1e', '20000', '24 fps'])('refuses %s', (typed) => {
  expect(entered('24').settle(typed, range)).toBeNull()
})
