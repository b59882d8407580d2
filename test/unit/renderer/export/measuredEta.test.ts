import { expect, it } from 'vitest'
import { createEta } from '../../../../src/renderer/export/measuredEta'

/** Returns an eta whose clock is set by hand. */
function clocked() {
  let time = 1000
  const eta = createEta(() => time)
  return (seconds: number, ...work: Parameters<typeof eta>) => {
    time += seconds
    return eta(...work)
  }
}

it('takes the pace of decoding from decoded frames and that of writing from written ones', () => {
  const eta = clocked()
  // Two frames in 10 s, then both written in 1 s: eight more take 40 s and 4 s.
  eta(10, { decoded: 2, written: 0 }, { frames: 8, shown: 10 })
  expect(eta(1, { decoded: 2, written: 2 }, { frames: 8, shown: 8 })).toBeCloseTo(44, 9)
})

it('knows nothing as long as no frame was decoded, however many were found and written', () => {
  const eta = clocked()
  expect(eta(1, { decoded: 0, written: 60 }, { frames: 40, shown: 40 })).toBeNull()
})

it('knows nothing until two per cent of the frames are decoded', () => {
  const eta = clocked()
  expect(eta(1, { decoded: 1, written: 0 }, { frames: 99, shown: 100 })).toBeNull()
  expect(eta(1, { decoded: 2, written: 0 }, { frames: 98, shown: 100 })).not.toBeNull()
})

it('goes on when an engine that was restarted begins its batch again', () => {
  const eta = clocked()
  eta(8, { decoded: 4, written: 0 }, { frames: 6, shown: 10 })
  eta(3, { decoded: 0, written: 0 }, { frames: 10, shown: 10 })
  // Six frames were decoded in 8 and 4 s, one after the other.
  expect(eta(4, { decoded: 2, written: 0 }, { frames: 8, shown: 10 })).toBeCloseTo(16, 9)
})
