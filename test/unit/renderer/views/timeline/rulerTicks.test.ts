import { describe, expect, it } from 'vitest'
import { rulerTicks } from '../../../../../src/renderer/views/timeline/rulerTicks'

const labelled = (total: number, width: number) =>
  rulerTicks(total, width / (total - 1)).filter(({ label }) => label !== null)

describe('rulerTicks', () => {
  it('numbers frames as the clock does, from 1, and in round numbers', () => {
    expect(labelled(51, 500).map(({ label }) => label)).toEqual(['1', '10', '20', '30', '40', '50'])
    for (const { frame, label } of rulerTicks(500, 3)) {
      if (label !== null) expect(Number(label)).toBe(frame + 1)
    }
  })

  it('never sets two numbers on top of each other, nor marks where there is no room', () => {
    for (const total of [2, 3, 37, 109, 200, 5001, 100_000]) {
      for (const width of [300, 1164, 2400]) {
        const perFrame = width / (total - 1)
        const ticks = rulerTicks(total, perFrame)
        const numbers = ticks.filter(({ label }) => label !== null)
        const gaps = (list: typeof ticks) =>
          list.slice(1).map(({ frame }, at) => (frame - list[at].frame) * perFrame)
        expect(Math.min(Infinity, ...gaps(numbers))).toBeGreaterThanOrEqual(24)
        // The first mark stands at frame 1, which is no multiple: only the marks after it are evenly apart.
        expect(Math.min(Infinity, ...gaps(ticks.slice(1)))).toBeGreaterThanOrEqual(7)
        expect(ticks.every(({ frame }) => frame < total)).toBe(true)
      }
    }
  })

  it('marks nothing on a timeline without frames, or without a width yet', () => {
    expect(rulerTicks(0, 10)).toEqual([])
    expect(rulerTicks(37, 0)).toEqual([])
  })
})
