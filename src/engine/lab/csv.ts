import { settingsId } from '#shared/lab'
import { psnrOf } from '#core/diffusion/fidelity'
import { isDecoded, type JournalContent } from './journal'

const columns = [
  'solver',
  'timestepSpacing',
  'steps',
  'eta',
  'picture',
  'evaluations',
  'mse',
  'psnr',
  'ssim',
  'mean',
  'std',
  'normRatio',
  'kurtosis',
  'neighbourCorrelation',
] as const

/** The parts of the error in latent diffusion. */
const partColumns = ['autoencoderMse', 'inversionMse'] as const

/** Whether the picture was decoded from a latent; only in a table with such pictures. */
const decodedColumns = ['decoded'] as const

/** Position of the picture in `pictures` of lab.json, from 0: pictures of several folders may share a name. */
const placeColumns = ['pictureIndex'] as const

/**
 * Encodes every measurement as CSV (RFC 4180), one row per picture and cell. It contains no times, so runs of
 * one study write the same bytes however often they were interrupted.
 */
export function encodeCsv({ manifest, entries }: JournalContent): string {
  const hasParts = [...entries.values()].some(
    ({ outcome }) => outcome.kind === 'measured' && outcome.measurements[0].inversionMse !== undefined,
  )
  const hasDecoded = manifest.pictures.some(isDecoded)
  const shown = [
    ...columns,
    ...(hasDecoded ? decodedColumns : []),
    ...(hasParts ? partColumns : []),
    ...placeColumns,
  ]
  const rows = manifest.cells.flatMap((settings) => {
    const outcome = entries.get(settingsId(settings))?.outcome
    if (outcome?.kind !== 'measured') return []
    return outcome.measurements.map((measurement, i) => {
      const fields = {
        ...settings,
        ...measurement,
        picture: manifest.pictures[i].name,
        pictureIndex: i,
        decoded: String(isDecoded(manifest.pictures[i])),
        psnr: psnrOf(measurement.mse),
      }
      return shown.map((column) => field(fields[column] ?? ''))
    })
  })
  return [shown, ...rows].map((row) => `${row.join(',')}\r\n`).join('')
}

function field(value: string | number): string {
  // The spelling that spreadsheets, NumPy and pandas all read.
  if (value === Infinity) return 'inf'
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
