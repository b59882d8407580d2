import { describe, expect, it } from 'vitest'
import { formatClock, frameOfText } from '../../../../src/renderer/timeline/clock'
import { rulerTicks } from '../../../../src/renderer/timeline/rulerTicks'

describe('rulerTicks', () => {
  it('name every second of ten, where there is room for that, with nine marks in between', () => {
    // 5.82 pixels for each of 200 frames: 116.4 for a second, and 11.64 for a tenth of it. A time needs 72 pixels,
    // which half a second lacks, and a mark 7, which a twentieth of a second lacks.
    const ticks = rulerTicks({ start: 0, span: 200, width: 1164, fps: 20 })
    const times = ticks.filter(({ label }) => label !== null)
    expect(times.map(({ label }) => label).join(' ')).toBe(
      '0:00 0:01 0:02 0:03 0:04 0:05 0:06 0:07 0:08 0:09 0:10',
    )
    expect(times.map(({ frame }) => frame)).toEqual([0, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200])
    expect(ticks).toHaveLength(101)
  })

  it('stand at the times that they show, at any frame rate', () => {
    for (const fps of [1, 12.5, 20, 23.976, 120]) {
      const times = rulerTicks({ start: 31, span: 400, width: 900, fps }).flatMap(({ frame, label }) =>
        label === null ? [] : { frame, label },
      )
      expect(times.length).toBeGreaterThan(1)
      for (const { frame, label } of times) expect(frameOfText(label, fps)).toBe(Math.round(frame))
    }
  })

  it('never overlap in their times, stand too close together, or leave the visible range', () => {
    for (const span of [2, 37, 200, 5001, 100_000]) {
      for (const width of [300, 1164, 2400]) {
        const ticks = rulerTicks({ start: span / 3, span, width, fps: 20 })
        const gaps = (list: typeof ticks) =>
          list.slice(1).map(({ frame }, at) => ((frame - list[at].frame) * width) / span)
        const times = ticks.filter(({ label }) => label !== null)
        expect(times.length).toBeGreaterThan(0)
        expect(ticks.length).toBeGreaterThan(1)
        expect(Math.min(Infinity, ...gaps(times))).toBeGreaterThanOrEqual(71.9)
        expect(Math.min(...gaps(ticks))).toBeGreaterThanOrEqual(6.9)
        for (const { frame } of ticks) {
          expect(frame).toBeGreaterThanOrEqual(span / 3 - 1e-6)
          expect(frame).toBeLessThanOrEqual(span / 3 + span + 1e-6)
        }
      }
    }
  })

  it('are empty without frames or before the width is known', () => {
    expect(rulerTicks({ start: 0, span: 0, width: 10, fps: 20 })).toEqual([])
    expect(rulerTicks({ start: 0, span: 37, width: 0, fps: 20 })).toEqual([])
  })
})

describe('the clock', () => {
  it('carries seconds over to the next minute (would catch 0:60.00)', () => {
    expect([59.994, 59.999, 61.5].map((seconds) => formatClock(seconds))).toEqual([
      '0:59.99',
      '1:00.00',
      '1:01.50',
    ])
    expect(formatClock(125, 0)).toBe('2:05')
  })

  it('parses times and frame numbers as people write them', () => {
    expect(['1:02.5', '62.5', '62,5 s', '0:62.5'].map((text) => frameOfText(text, 20))).toEqual(
      Array(4).fill(1250),
    )
    expect(['38f', '38 frames', 'Frame 38'].map((text) => frameOfText(text, 20))).toEqual([37, 37, 37])
    expect(frameOfText('1:00:00', 2)).toBe(7200)
    expect(['', 'soon', '1:2:3:4', '-3'].map((text) => frameOfText(text, 20))).toEqual([
      null,
      null,
      null,
      null,
    ])
  })
})
