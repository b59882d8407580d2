import type { LabRule } from '#shared/lab'
import { decodeSettings, encodeSettings } from '#shared/settings'
import { useNotices } from '../stores/notices'
import { useSettings } from '../stores/settings'
import { ruleName } from '../labels/solverNames'
import { edit } from './document'

/** Makes the solver settings of a cell the current settings, for encoding and decoding. */
export function applyCellSettings(rule: LabRule): void {
  const { solver, nodes, steps, eta } = rule
  const action = edit(`Use ${ruleName(rule)}`, () =>
    useSettings().apply({
      encode: encodeSettings.parse({ solver, nodes, steps }),
      decode: decodeSettings.parse({ solver, nodes, steps, eta }),
    }),
  )
  useNotices().show({
    tone: 'good',
    title: `${ruleName(rule)} is in use now`,
    detail: 'Pictures are now encoded and decoded with it.',
    action,
  })
}
