import type { SolverSettings } from '#core/diffusion/settings'
import type { LabCell } from '#shared/lab'
import { meanPsnr } from '#core/diffusion/fidelity'
import { meanOf } from '#core/numbers/mean'
import { median } from '#core/numbers/median'
import type { CellResult, Measurement } from './measureCell'

/** Computes one cell's row of the table from the measurements of each picture. */
export function summariseCell(
  settings: SolverSettings,
  { measurements, fallbacks }: Omit<CellResult, 'seconds'>,
  seconds: number,
): LabCell {
  const mean = (figure: (measurement: Measurement) => number) => meanOf(measurements.map(figure))
  const part = (figure: (measurement: Measurement) => number | undefined) =>
    figure(measurements[0]) === undefined ? null : mean((measurement) => figure(measurement)!)
  return {
    ...settings,
    evaluations: mean(({ evaluations }) => evaluations),
    mse: mean(({ mse }) => mse),
    medianMse: median(measurements.map(({ mse }) => mse)),
    autoencoderMse: part(({ autoencoderMse }) => autoencoderMse),
    inversionMse: part(({ inversionMse }) => inversionMse),
    ...meanPsnr(measurements.map(({ mse }) => mse)),
    ssim: mean(({ ssim }) => ssim),
    latentStd: mean(({ std }) => std),
    secondsPerPicture: seconds / measurements.length,
    fallbacks,
  }
}
