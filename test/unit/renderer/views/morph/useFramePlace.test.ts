import { beforeEach, expect, it } from 'vitest'
import { useLibrary } from '../../../../../src/renderer/stores/library'
import { usePlayer } from '../../../../../src/renderer/stores/player'
import { useTimeline } from '../../../../../src/renderer/stores/timeline'
import { useFramePlace } from '../../../../../src/renderer/views/morph/useFramePlace'
import { installFakeStudio, pictureInfo } from '../../fakeStudio'

/** A film of 11 frames from a picture to a seed and to a mix of both. */
beforeEach(() => {
  installFakeStudio({})
  const [a] = useLibrary().add([pictureInfo('a.png')])
  const parts = [a.id, 'seed'].map((source) => ({ source, weight: 1 }))
  useLibrary().addLatents([
    { kind: 'seed', id: 'seed', name: 'Seed 7', seed: 7 },
    { kind: 'mix', id: 'mix', name: 'Mix', parts },
  ])
  useTimeline().insert([a.id, 'seed', 'mix'])
  useTimeline().change(0, { frames: 4, easing: 'linear' })
  useTimeline().change(1, { frames: 6, easing: 'linear' })
})

function placeAt(frame: number) {
  usePlayer().seek(frame)
  return useFramePlace().value
}

it('calls only a picture a pinned picture or a reconstruction (would catch “Seed 7, pinned picture”)', () => {
  const shown = () => [0, 4, 10].map(placeAt)
  const latents = [
    { stop: 'Seed 7', shown: 'decoded' },
    { stop: 'Mix', shown: 'decoded' },
  ]
  expect(shown()).toEqual([{ stop: 'A', shown: 'reconstruction' }, ...latents])
  useTimeline().pinned = true
  expect(shown()).toEqual([{ stop: 'A', shown: 'pinned picture' }, ...latents])
})

it('names the stop alone throughout a hold, unless it was timed evenly', () => {
  useTimeline().change(1, { easing: 'hold' })
  for (const frame of [5, 9]) expect(placeAt(frame)).toEqual({ stop: 'Seed 7', shown: 'held' })
  expect(placeAt(10)).toEqual({ stop: 'Mix', shown: 'decoded' })
  useTimeline().change(1, { fractions: [0.1, 0.2, 0.3, 0.4, 0.5] })
  expect(placeAt(9)).toEqual({ from: 'Seed 7', to: 'Mix', percent: 50 })
})

it('tells the share of the way, not of the time', () => {
  const half = () => placeAt(2)
  expect(half()).toEqual({ from: 'A', to: 'Seed 7', percent: 50 })
  // t^2 (2 - t) at half the time is 0.375.
  useTimeline().change(0, { easing: 'easeIn' })
  expect(half()).toMatchObject({ percent: 38 })
  useTimeline().change(0, { fractions: [0.01, 0.1, 0.9] })
  expect(half()).toMatchObject({ percent: 10 })
})

it('goes on after the last stop of a closed film, and says nothing of an empty one', () => {
  useTimeline().close(true)
  expect(placeAt(13)).toMatchObject({ from: 'Mix', to: 'A', percent: 50 })
  useTimeline().clear()
  expect(placeAt(0)).toMatchObject({ stop: undefined })
})
