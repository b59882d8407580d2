import { expect, it, vi } from 'vitest'
import { endOfTyping, nameHandlers, type FinishName } from '../../../../src/renderer/kit/typingKeys'

it.each([
  ['Enter', false, 'take'],
  ['Escape', false, 'restore'],
  ['a', false, null],
  ['Enter', true, null],
  ['Escape', true, null],
])(
  '%s, composing: %s, means %s (would catch a name that ends half-composed)',
  (key, isComposing, expected) => {
    expect(endOfTyping({ key, isComposing })).toBe(expected)
  },
)

/** A field with “typed” in it. */
function typing() {
  const finish = vi.fn<FinishName>()
  const handlers = nameHandlers(finish)
  const target = { value: 'typed' }
  const press = (key: string, isComposing = false) => {
    const event = { key, isComposing, target, preventDefault: vi.fn(), stopPropagation: vi.fn() }
    handlers.keydown(event as unknown as KeyboardEvent)
    return event
  }
  return { finish, press, leave: () => handlers.blur({ target } as unknown as Event) }
}

it('takes the name over when the field is left, and leaves the focus where it went (would catch a stop that takes it back)', () => {
  const { finish, leave } = typing()
  leave()
  expect(finish.mock.calls).toEqual([['typed', false]])
})

it.each([
  ['Enter', 'typed'],
  ['Escape', null],
])('ends by %s once, although the field is left as it vanishes', (key, name) => {
  const { finish, press, leave } = typing()
  const { preventDefault, stopPropagation } = press(key)
  leave()
  expect(finish.mock.calls).toEqual([[name, true]])
  expect(preventDefault).toHaveBeenCalled()
  expect(stopPropagation).toHaveBeenCalled()
})

it('goes on while a character is being composed, and on any other key', () => {
  const { finish, press } = typing()
  expect(press('Enter', true).preventDefault).not.toHaveBeenCalled()
  press('x')
  expect(finish).not.toHaveBeenCalled()
})
