import type { LabCell } from '#shared/lab'
import { timestepSpacingIds } from '#core/diffusion/timestepSpacings/registry'
import { solverIds } from '#core/diffusion/solvers/registry'
import { shortName, timestepSpacingOptions, solverOptions } from '../labels/options'
import { formatMeanPsnr, formatNumber, formatStatistic } from '#core/format/quantities'

/** One column of the cell table. */
export interface CellColumn {
  readonly key: keyof LabCell
  readonly title: string
  readonly hint: string
  readonly text: (cell: LabCell) => string
  /** The value to sort by. */
  readonly order: (cell: LabCell) => number
}

function numeric(
  key: keyof LabCell,
  title: string,
  hint: string,
  text: (value: number) => string = String,
): CellColumn {
  const order = (cell: LabCell): number => Number(cell[key])
  return { key, title, hint, order, text: (cell) => text(order(cell)) }
}

/** Formats errors with the same number of digits, so that a column can be compared by its exponents. */
function errorText(mse: number): string {
  return mse.toExponential(2)
}

/** The columns of the table: first what identifies a cell, then what was measured. */
export const cellColumns: readonly CellColumn[] = [
  {
    key: 'solver',
    title: 'Solver',
    hint: 'How one step is computed',
    text: ({ solver }) => shortName(solverOptions, solver),
    order: ({ solver }) => solverIds.indexOf(solver),
  },
  {
    key: 'timestepSpacing',
    title: 'Spacing',
    hint: 'Where the steps fall in the noise schedule',
    text: ({ timestepSpacing }) => shortName(timestepSpacingOptions, timestepSpacing),
    order: ({ timestepSpacing }) => timestepSpacingIds.indexOf(timestepSpacing),
  },
  numeric('steps', 'S', 'Steps to encode, and to decode'),
  numeric('eta', 'η', 'Fresh noise while decoding'),
  numeric('evaluations', 'Eval.', 'Model evaluations per picture, to encode and decode', (value) =>
    String(Math.round(value * 10) / 10),
  ),
  numeric('mse', 'MSE', 'Mean over the pictures, colours from 0 to 1', errorText),
  numeric('medianMse', 'Median', 'Median MSE over the pictures', errorText),
  numeric(
    'autoencoderMse',
    'Autoencoder',
    'Mean MSE of the autoencoder alone, which no setting can improve',
    errorText,
  ),
  numeric(
    'inversionMse',
    'Inversion',
    'Mean MSE against the autoencoder’s own reconstruction of the pictures',
    errorText,
  ),
  {
    key: 'psnr',
    title: 'PSNR',
    hint: 'Mean over the pictures that were not reconstructed exactly',
    text: (cell) => formatMeanPsnr(cell),
    order: ({ psnr }) => psnr,
  },
  numeric('ssim', 'SSIM', 'Mean over the pictures; 1 is identical', (value) => value.toFixed(4)),
  numeric('latentStd', 'Latent std', 'Standard deviation of the latent; 1 for Gaussian noise', (value) =>
    formatStatistic(value),
  ),
  numeric(
    'secondsPerPicture',
    's',
    'Seconds per picture, to encode and decode; an autoencoder’s encoder runs once for all combinations and is not counted',
    formatNumber,
  ),
]

/** Returns the columns that apply: eta only with noise, autoencoder errors only with an autoencoder. */
export function columnsFor(cells: readonly LabCell[]): CellColumn[] {
  const isNoisy = cells.some(({ eta }) => eta > 0)
  const isLatent = cells.some(({ inversionMse }) => inversionMse !== null)
  return cellColumns.filter(({ key }) => {
    if (key === 'eta') return isNoisy
    return isLatent || (key !== 'autoencoderMse' && key !== 'inversionMse')
  })
}

/** How a table is sorted. */
export interface CellSort {
  readonly key: CellColumn['key']
  readonly descending: boolean
}

/** Returns the sort order after a click on a column: by that column, or reversed if it was already. */
export function nextSort(sort: CellSort, key: CellSort['key']): CellSort {
  return { key, descending: sort.key === key && !sort.descending }
}

/** Returns the cells in order. The sort is stable. */
export function sortCells(cells: readonly LabCell[], { key, descending }: CellSort): LabCell[] {
  const order = cellColumns.find((column) => column.key === key)!.order
  const sign = descending ? -1 : 1
  return [...cells].sort((a, b) => {
    const [left, right] = [order(a), order(b)]
    return left === right ? 0 : left < right ? -sign : sign
  })
}
