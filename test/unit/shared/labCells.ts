import type { LabCell, LabReport } from '#shared/lab'
import { roundTripNfe } from '#core/diffusion/cost'

/** A cell with arbitrary figures, except for those given. */
export function labCell(part: Partial<LabCell> = {}): LabCell {
  const rule = { solver: '2m', timestepSpacing: 'karras', steps: 10, eta: 0, ...part } as const
  return {
    evaluations: roundTripNfe({ ...rule, cleanTimestep: -1 }),
    mse: 1e-3,
    medianMse: 1e-3,
    autoencoderMse: null,
    inversionMse: null,
    psnr: 30,
    exact: 0,
    ssim: 0.9,
    latentStd: 1,
    secondsPerPicture: 1,
    fallbacks: 0,
    ...rule,
  }
}

/** The report of a study of one cell. */
export function labReport(part: Partial<LabReport> = {}): LabReport {
  return {
    folder: '/studies/one',
    finished: true,
    model: { id: 'm', sha256: 'hash of m' },
    pictures: ['a.png'],
    pictureHashes: (part.pictures ?? ['a.png']).map((name) =>
      name.endsWith('.png') ? `hash of ${name}` : null,
    ),
    study: { solvers: ['2m'], timestepSpacings: ['karras'], steps: [10], etas: [0], batch: 8, clip: false },
    cells: [labCell()],
    skipped: [],
    plannedCells: 1,
    resumedCells: 0,
    files: ['lab.csv', 'lab.json'],
    notes: [],
    seconds: 1,
    compute: {
      asked: 'cpu',
      provider: 'cpu',
      device: null,
      parts: 1,
      reason: null,
      askedPrecision: 'fp32',
      precision: 'fp32',
      runtime: 'r',
      threads: 2,
    },
    ...part,
  }
}
