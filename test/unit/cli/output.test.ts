import { expect, it } from 'vitest'
import type { ExportReport } from '#shared/reports'
import { describeExport, describeLatentReport } from '../../../src/cli/output'
import { sampleReport } from '../engine/latent/sampleLatent'

it('describes in the window’s words how a latent will mix (would catch statistics without an explanation)', () => {
  const advice = {
    level: 'poor',
    sentence: 'Much too smooth: expect soft in-betweens.',
    isNoise: true,
  } as const
  expect(describeLatentReport({ ...sampleReport, advice })).toMatch(
    /std 1\.010.*\. Much too smooth: expect soft in-betweens\.$/,
  )
})

it.each([
  [{ seed: 5, source: null }, 'moved from seed 5: '],
  [{ seed: null, source: { name: 'apple.webp', sha256: 'aa' } }, 'moved from apple.webp: '],
  [{ seed: null, source: null }, 'moved from another latent: '],
  [undefined, 'latent file: '],
])(
  'names a latent by what it was moved from (would catch a walk of "latent files"): %j',
  (movedFrom, name) => {
    const report = { ...sampleReport, source: null, seed: null, fidelity: null, movedFrom }
    expect(describeLatentReport(report).startsWith(name)).toBe(true)
  },
)

const exported: ExportReport = {
  path: 'w.mp4',
  format: 'mp4',
  frames: 60,
  width: 64,
  height: 64,
  bytes: 1000,
  seconds: 2,
  resumedFrames: 0,
  framesFromProject: 0,
  stops: [],
  compute: sampleReport.compute,
}

it('describes equal stops and those of a walk once, with their count (would catch a line for every frame of a walk)', () => {
  const moved = (std: number, seed: number) => ({
    ...sampleReport,
    source: null,
    health: { ...sampleReport.health, std },
    movedFrom: { seed, source: null },
  })
  const walk = Array.from({ length: 340 }, (_, at) => moved(1 + at / 1000, 5))
  const lines = describeExport({ ...exported, stops: [...walk, moved(1, 6), sampleReport, sampleReport] })
  const stops = lines.slice(0, -2)
  expect(stops).toHaveLength(3)
  expect(stops[0]).toMatch(/^moved from seed 5.*340/)
  expect(stops[1]).toBe(describeLatentReport(moved(1, 6)))
  expect(stops[2]).toMatch(/2 such stops/)
})

it.each([
  [0, sampleReport.compute, / on WebGPU/, /project/],
  [12, sampleReport.compute, / on WebGPU.*12 frames from the project/, /all/],
  [60, null, /all frames from the project/, /WebGPU/],
])(
  'tells the device of the frames that it computed, not of %i of a project',
  (framesFromProject, compute, said, not) => {
    const last = describeExport({ ...exported, framesFromProject, compute }).at(-1)!
    expect(last).toMatch(said)
    expect(last).not.toMatch(not)
  },
)
