import { beforeEach, describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { usePlayer } from '../../../../src/renderer/stores/player'
import { useTimeline } from '../../../../src/renderer/stores/timeline'
import { useWorkspace } from '../../../../src/renderer/stores/workspace'
import { installFakeStudio, pictureInfo } from '../fakeStudio'

beforeEach(() => {
  installFakeStudio({})
  useLibrary().add(['a.png', 'b.png'].map(pictureInfo))
})

it('stops when the film is cleared, so that the next film does not start by itself', async () => {
  const ids = useLibrary().pictures.map(({ id }) => id)
  useTimeline().insert(ids)
  usePlayer().play()
  expect(usePlayer().playing).toBe(true)
  useTimeline().clear()
  await nextTick()
  useTimeline().insert(ids)
  expect(usePlayer().playing).toBe(false)
})

it('pauses in a view that does not show the film, and cannot be started there', async () => {
  useTimeline().insert(useLibrary().pictures.map(({ id }) => id))
  usePlayer().play()
  useWorkspace().view = 'fidelity'
  await nextTick()
  expect(usePlayer().playing).toBe(false)
  usePlayer().toggle()
  expect(usePlayer().playing).toBe(false)
})

it('plays forwards once ping-pong is switched off, and when started at the beginning after playing backwards', async () => {
  const timeline = useTimeline()
  const player = usePlayer()
  timeline.insert(useLibrary().pictures.map(({ id }) => id))
  timeline.repeat = 'ping-pong'
  player.seek(player.last)
  player.play()
  player.tick(1 / timeline.fps)
  expect(player.speed).toBe(-1)
  timeline.repeat = 'once'
  await nextTick()
  expect(player.speed).toBe(1)
  player.run(1)
  player.tick(1000)
  expect([player.playing, player.playhead, player.speed]).toEqual([false, player.last, 1])
  player.run(-1)
  player.pause()
  player.seek(0)
  player.play()
  expect([player.position, player.speed]).toEqual([0, 1])
})

it('loops the work area while the playhead is inside it, and plays the film otherwise', () => {
  const timeline = useTimeline()
  const player = usePlayer()
  timeline.insert(useLibrary().pictures.map(({ id }) => id))
  timeline.repeat = 'forever'
  timeline.workArea = { start: 10, end: 14 }
  player.seek(12)
  player.play()
  const seen = new Set<number>()
  for (let frame = 0; frame < 20; frame++) {
    player.tick(1 / timeline.fps)
    seen.add(player.playhead)
  }
  expect([...seen].sort((a, b) => a - b)).toEqual([10, 11, 12, 13, 14])
  player.seek(20)
  player.play()
  player.tick(1 / timeline.fps)
  expect(player.playhead).toBe(21)

  timeline.repeat = 'once'
  player.seek(14)
  player.play()
  expect(player.playhead).toBe(10)
  player.tick(100)
  expect([player.playhead, player.playing]).toEqual([14, false])
})

describe.each([20, 24, 25, 60])('forever at %d frames a second', (fps) => {
  const rounds = 3
  const area = { start: 10, end: 16 }

  /** Counts the ticks that show each frame, and how often a round starts, over `rounds` rounds from mid-frame. */
  function watch(refresh: number, direction: 1 | -1): { shown: Map<number, number>; starts: number } {
    const player = usePlayer()
    const shown = new Map<number, number>()
    let starts = 0
    const frames = area.end - area.start + 1
    for (let tick = 0; tick < (rounds * frames * refresh) / fps; tick++) {
      const before = player.playhead
      player.tick(1 / refresh)
      if ((player.playhead - before) * direction < 0) starts++
      shown.set(player.playhead, (shown.get(player.playhead) ?? 0) + 1)
    }
    return { shown, starts }
  }

  it.each([
    [60, 1],
    [60, -1],
    [144, 1],
    [144, -1],
  ] as const)(
    'shows every frame for one period on a display of %d Hz, in direction %d, in a work area as in a film (would catch a last frame that never ends)',
    (refresh, direction) => {
      const timeline = useTimeline()
      const player = usePlayer()
      timeline.insert(useLibrary().pictures.map(({ id }) => id))
      timeline.repeat = 'forever'
      timeline.fps = fps
      timeline.workArea = area
      player.seek(13)
      player.run(direction)
      const { shown, starts } = watch(refresh, direction)
      const frames = Array.from({ length: area.end - area.start + 1 }, (_, i) => area.start + i)
      expect([...shown.keys()].sort((a, b) => a - b)).toEqual(frames)
      expect(starts).toBe(rounds)
      // A tick at the very edge of a frame may count for either side.
      for (const ticks of shown.values()) {
        expect(Math.abs(ticks - (rounds * refresh) / fps)).toBeLessThanOrEqual(rounds)
      }
    },
  )
})
