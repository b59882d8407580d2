import { beforeEach, describe, expect, it, vi } from 'vitest'
import { edit } from '../../../../src/renderer/actions/document'
import { history } from '../../../../src/renderer/actions/history'
import { removeItems } from '../../../../src/renderer/actions/pictureEdits'
import { nudgeStops } from '../../../../src/renderer/actions/stops'
import { useDocument } from '../../../../src/renderer/stores/document'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { useSettings } from '../../../../src/renderer/stores/settings'
import { useTimeline } from '../../../../src/renderer/stores/timeline'
import { installFakeStudio, pictureInfo } from '../fakeStudio'

beforeEach(() => {
  installFakeStudio({})
  useLibrary().add(['a.png', 'b.png', 'c.png'].map(pictureInfo))
  useTimeline().insert(useLibrary().pictures.map(({ id }) => id))
})

describe('document', () => {
  it('restores a removed picture with its stops and segments on undo, and removes it again on redo', () => {
    const before = useDocument().value
    removeItems([useLibrary().pictures[1]])
    expect(useTimeline().path.stops.length).toBe(2)
    expect(useTimeline().path.segments.length).toBe(1)
    history.undo()
    expect(useDocument().value).toEqual(before)
    history.redo()
    expect(useLibrary().pictures.length).toBe(2)
  })

  it('does not let a message’s Undo revert another edit', () => {
    edit('Slow down', () => (useTimeline().fps = 5))
    removeItems([useLibrary().pictures[1]])
    const { action } = useNotices().notices[0]
    history.undo()
    action!.run()
    expect(useTimeline().fps).toBe(5)
    expect(useLibrary().pictures.length).toBe(3)
  })

  it('records nothing when nothing changed', () => {
    const label = history.undoLabel.value
    edit('Nothing', () => undefined)
    expect(history.undoLabel.value).toBe(label)
  })

  it('records nothing for successive edits that lead there and back (would catch an undo that does nothing)', () => {
    const timeline = useTimeline()
    edit('Slow down', () => (timeline.fps = 5))
    nudgeStops([1], 3)
    expect(history.undoLabel.value).toBe('Move a stop in time')
    nudgeStops([1], -3)
    expect(history.undoLabel.value).toBe('Slow down')
  })

  it('keeps an edit apart from those after edits there and back (would catch two moves undone as one)', () => {
    const [, start] = useTimeline().stopsAt
    vi.useFakeTimers({ toFake: ['performance'] })
    nudgeStops([1], 3)
    vi.advanceTimersByTime(3000)
    for (const by of [2, -2, 1]) nudgeStops([1], by)
    vi.useRealTimers()
    expect(useTimeline().stopsAt[1]).toBe(start + 4)
    history.undo()
    expect(useTimeline().stopsAt[1]).toBe(start + 3)
  })

  it('keeps redo available when an edit sets values that are already in force', () => {
    const settings = useSettings()
    const timeline = useTimeline()
    edit('Slow down', () => (timeline.fps = 5))
    history.undo()
    edit('Choose a preset', () => settings.apply(settings))
    edit('Stretch', () => timeline.stretch(timeline.total))
    expect(history.redoLabel.value).toBe('Slow down')
  })
})
