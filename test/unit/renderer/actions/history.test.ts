import { afterEach, describe, expect, it, vi } from 'vitest'
import { createHistory } from '../../../../src/renderer/actions/history'

function editor() {
  const history = createHistory()
  const state = { value: 0 }
  function set(value: number, mergeKey?: string): void {
    const before = state.value
    state.value = value
    history.push({
      label: `Set ${value}`,
      mergeKey,
      undo: () => (state.value = before),
      redo: () => (state.value = value),
    })
  }
  return { history, state, set }
}

afterEach(() => void vi.useRealTimers())

describe('history', () => {
  it('undoes and redoes every edit', () => {
    const { history, state, set } = editor()
    for (const value of [1, 2, 3]) set(value)
    for (let edits = 0; edits < 3; edits++) history.undo()
    expect(state.value).toBe(0)
    expect(history.undo()).toBeUndefined()
    history.redo()
    history.redo()
    expect(state.value).toBe(2)
    expect(history.redoLabel.value).toBe('Set 3')
  })

  it('undoes a whole slider drag in one step, back to where it began', () => {
    const { history, state, set } = editor()
    set(1)
    for (const value of [5, 6, 7]) set(value, 'slider')
    history.undo()
    expect(state.value).toBe(1)
    history.redo()
    expect(state.value).toBe(7)
  })

  it('undoes only the second of two numbers typed into the same field with a pause between them', () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const { history, state, set } = editor()
    set(24, 'fps')
    vi.advanceTimersByTime(3000)
    set(30, 'fps')
    history.undo()
    expect(state.value).toBe(24)
  })

  it('never merges an edit into one that an undo or a redo came back to (would catch two edits undone as one)', () => {
    const { history, state, set } = editor()
    set(1, 'slider')
    set(2)
    history.undo()
    set(3, 'slider')
    history.undo()
    expect(state.value).toBe(1)
    history.redo()
    set(4, 'slider')
    history.undo()
    expect(state.value).toBe(3)
  })

  it('undoes a given edit only while it is the last edit', () => {
    const { history, state, set } = editor()
    const wanted = { label: 'Wanted', undo: () => (state.value = -1), redo: () => undefined }
    history.push(wanted)
    set(1)
    expect(history.undo(wanted)).toBeUndefined()
    expect(state.value).toBe(1)
    history.undo()
    expect(history.undo(wanted)).toBe(wanted)
  })

  it('forgets everything when cleared', () => {
    const { history, state, set } = editor()
    set(1)
    set(2)
    history.undo()
    history.clear()
    history.undo()
    history.redo()
    expect(state.value).toBe(1)
  })

  it('does not merge drags of different sliders', () => {
    const { history, state, set } = editor()
    set(5, 'a')
    set(6, 'b')
    history.undo()
    expect(state.value).toBe(5)
  })

  it('drops undone edits once a new edit is made', () => {
    const { history, state, set } = editor()
    set(1)
    history.undo()
    set(9)
    expect(history.redo()).toBeUndefined()
    expect(state.value).toBe(9)
  })
})
