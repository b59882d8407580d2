import { describe, expect, it } from 'vitest'
import { advance, shuttle, type TransportState } from '../../../../src/renderer/playback/transport'

const at = (position: number, speed = 1): TransportState => ({ position, speed, playing: true })

describe('transport', () => {
  it('stops at either end when it plays once', () => {
    expect(advance(at(9.5), 2, 10, 'once')).toEqual({ position: 10, speed: 1, playing: false })
    expect(advance(at(0.5, -1), 2, 10, 'once')).toEqual({ position: 0, speed: -1, playing: false })
  })

  it('turns around at both ends in ping-pong without losing time', () => {
    expect(advance(at(9), 3, 10, 'ping-pong')).toEqual({ position: 8, speed: -1, playing: true })
    expect(advance(at(1, -1), 3, 10, 'ping-pong')).toEqual({ position: 2, speed: 1, playing: true })
  })

  it('shows a frame of the path in every mode, however much time has passed', () => {
    for (const repeat of ['once', 'forever', 'ping-pong'] as const) {
      for (const speed of [-8, -1, 1, 8]) {
        for (const elapsed of [0.1, 7, 1234.5]) {
          const shown = Math.round(advance(at(3, speed), elapsed, 10, repeat).position)
          expect(shown).toBeGreaterThanOrEqual(0)
          expect(shown).toBeLessThanOrEqual(10)
        }
      }
    }
  })

  it('goes on from beyond an end when forever is switched to another kind (would catch playback that stops there)', () => {
    for (const repeat of ['once', 'ping-pong'] as const) {
      expect(advance(at(-0.4), 0.25, 10, repeat)).toEqual({ position: 0.25, speed: 1, playing: true })
      expect(advance(at(10.4, -1), 0.25, 10, repeat)).toEqual({ position: 9.75, speed: -1, playing: true })
    }
  })

  it('never rounds out of a work area that starts late in a film (would catch playback that leaves it for the whole film)', () => {
    const [start, last] = [1000, 4]
    const { position } = advance(at(last + 0.5 - 2 ** -50), 0, last, 'forever')
    expect(Math.round(start + position)).toBe(start)
  })

  it('does not divide by zero on a path without frames', () => {
    expect(advance(at(5), 1, 0, 'forever').position).toBe(0)
  })

  it('doubles the speed with each further press up to 8, and reverses at once', () => {
    let state: TransportState = { ...at(0), playing: false }
    const speeds = Array.from({ length: 5 }, () => (state = shuttle(state, 1)).speed)
    expect(speeds).toEqual([1, 2, 4, 8, 8])
    expect(shuttle(state, -1).speed).toBe(-1)
  })
})
