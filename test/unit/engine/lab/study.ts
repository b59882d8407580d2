import { numericsVersion } from '#engine/job/resultVersions'
import type { JournalEntry, StudyManifest } from '#engine/lab/journal'

/** A manifest as a run writes it: two pictures, two cells. */
export const manifest: StudyManifest = {
  software: 'Slerp Studio Lab',
  model: { id: 'model', sha256: 'aa', scheduleHash: 'bb' },
  pictures: [
    { name: 'plain.png', sha256: '01', fit: { mode: 'cover' } },
    { name: 'with, comma and "quotes".png', sha256: '02', fit: { mode: 'cover' } },
  ],
  study: {
    solvers: ['ddim', '2m'],
    timestepSpacings: ['linear'],
    steps: [10],
    etas: [0],
    batch: 8,
    clip: false,
  },
  cells: [
    { solver: 'ddim', timestepSpacing: 'linear', steps: 10, eta: 0 },
    { solver: '2m', timestepSpacing: 'linear', steps: 10, eta: 0 },
  ],
  skipped: [],
  compute: {
    asked: 'cpu',
    askedPrecision: 'fp32',
    provider: 'cpu',
    precision: 'fp32',
    device: null,
    parts: 1,
    reason: null,
    runtime: 'test',
    threads: 1,
  },
  numericsVersion,
}

/** A measured cell of {@link manifest}. */
export function entryOf(cell: number, mse: readonly [number, number]): JournalEntry {
  const rest = {
    evaluations: 20,
    ssim: 0.5,
    mean: 0.1,
    std: 0.9,
    normRatio: 0.91,
    kurtosis: -0.2,
    neighbourCorrelation: 1 / 3,
  }
  return {
    settings: manifest.cells[cell],
    seconds: 4,
    outcome: { kind: 'measured', fallbacks: 0, measurements: mse.map((value) => ({ mse: value, ...rest })) },
  }
}
