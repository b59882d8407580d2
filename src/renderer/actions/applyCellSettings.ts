import type { SolverSettings } from '#core/diffusion/settings'
import { decodeSettings, encodeSettings } from '#shared/settings'
import { useNotices } from '../stores/notices'
import { useSettings } from '../stores/settings'
import { ruleName } from '../labels/solverNames'
import { edit } from './document'

/** Makes the solver settings of a cell the current settings, for encoding and decoding. */
export function applyCellSettings(rule: SolverSettings): void {
  const { solver, timestepSpacing, steps, eta } = rule
  const action = edit(`Use ${ruleName(rule)}`, () =>
    useSettings().apply({
      encode: encodeSettings.parse({ solver, timestepSpacing, steps }),
      decode: decodeSettings.parse({ solver, timestepSpacing, steps, eta }),
    }),
  )
  useNotices().show({
    tone: 'good',
    title: `${ruleName(rule)} is in use now`,
    detail: 'Pictures are now encoded and decoded with it.',
    action,
  })
}
