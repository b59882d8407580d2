import { join } from 'node:path'
import type { DecodeSettings } from '#core/diffusion/settings'

/** How random the way back is: a row of the paper's tables 1 and 3. */
export interface Noise {
  /** As a row is headed. */
  readonly name: string
  readonly eta: number
  readonly sigmaHat: boolean
}

/** The rows of the paper's tables 1 and 3 (Song, Meng, Ermon 2021): from DDIM to DDPM, and DDPM's larger variance. */
export const noises: readonly Noise[] = [
  ...[0, 0.2, 0.5, 1].map((eta) => ({ name: `η = ${eta}`, eta, sigmaHat: false })),
  { name: 'σ̂', eta: 1, sigmaHat: true },
]

/** One cell of the table. */
export interface Cell {
  readonly noise: Noise
  readonly steps: number
  /** Where its samples lie. */
  readonly folder: string
}

/** All cells, row by row, under a folder. */
export function cellsOf(folder: string, steps: readonly number[]): Cell[] {
  return noises.flatMap((noise, row) =>
    steps.map((count) => ({ noise, steps: count, folder: join(folder, `row-${row}-steps-${count}`) })),
  )
}

/** The paper's step on its linear spacing, as it takes for all but CIFAR-10 (appendix D.2). */
export function decodeSettingsOf({ noise: { eta, sigmaHat }, steps }: Omit<Cell, 'folder'>): DecodeSettings {
  return { solver: 'ddim', timestepSpacing: 'linear', steps, eta, sigmaHat, seed: 0, clip: false }
}
