import { join } from 'node:path'
import type { DecodeSettings } from '#core/diffusion/settings'

/** How random decoding is: a row of the paper's Tables 1 and 3. */
export interface Noise {
  /** The heading of the row. */
  readonly name: string
  readonly eta: number
  readonly sigmaHat: boolean
}

/** The rows of the paper's Tables 1 and 3 (Song, Meng, Ermon 2021): from DDIM to DDPM, and DDPM's larger variance. */
export const noises: readonly Noise[] = [
  ...[0, 0.2, 0.5, 1].map((eta) => ({ name: `η = ${eta}`, eta, sigmaHat: false })),
  { name: 'σ̂', eta: 1, sigmaHat: true },
]

/** One cell of the table. */
export interface Cell {
  readonly noise: Noise
  readonly steps: number
  /** The folder of its samples. */
  readonly folder: string
}

/** Returns all cells, row by row, with their folders below `folder`. */
export function cellsOf(folder: string, steps: readonly number[]): Cell[] {
  return noises.flatMap((noise, row) =>
    steps.map((count) => ({ noise, steps: count, folder: join(folder, `row-${row}-steps-${count}`) })),
  )
}

/** The paper's step on linear spacing, which it uses for everything but CIFAR-10 (appendix D.2). */
export function decodeSettingsOf({ noise: { eta, sigmaHat }, steps }: Omit<Cell, 'folder'>): DecodeSettings {
  return { solver: 'ddim', timestepSpacing: 'linear', steps, eta, sigmaHat, seed: 0, clip: false }
}
