import type { SolverSettings } from '#core/diffusion/settings'
import { decodeSettings, encodeSettings } from '#shared/settings'
import { useNotices } from '../stores/notices'
import { useSettings } from '../stores/settings'
import { solverSettingsName } from '#core/format/solverNames'
import { edit } from './document'

/** Makes the solver settings of a cell the current ones, for encoding and decoding. */
export function applyCellSettings(cell: SolverSettings): void {
  const { solver, timestepSpacing, steps, eta } = cell
  const action = edit(`Use ${solverSettingsName(cell)}`, () =>
    useSettings().apply({
      encode: encodeSettings.parse({ solver, timestepSpacing, steps }),
      decode: decodeSettings.parse({ solver, timestepSpacing, steps, eta }),
    }),
  )
  useNotices().show({
    tone: 'good',
    title: `${solverSettingsName(cell)} is in use now`,
    detail: 'Pictures are now encoded and decoded with it.',
    action,
  })
}
