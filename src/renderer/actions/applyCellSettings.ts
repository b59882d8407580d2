import type { LabRule } from '#shared/lab'
import { decodeSettings, encodeSettings } from '#shared/settings'
import { useNotices } from '../stores/notices'
import { useRecipe } from '../stores/recipe'
import { ruleName } from '../words/ruleNames'
import { edit } from './document'

/** Makes the rule of a cell the recipe, both ways and exactly as it was measured. */
export function applyCellSettings(rule: LabRule): void {
  const { solver, nodes, steps, eta } = rule
  const action = edit(`Use ${ruleName(rule)}`, () =>
    useRecipe().apply({
      encode: encodeSettings.parse({ solver, nodes, steps }),
      decode: decodeSettings.parse({ solver, nodes, steps, eta }),
    }),
  )
  useNotices().show({
    tone: 'good',
    title: `${ruleName(rule)} is the recipe now`,
    detail: 'Pictures are encoded and decoded by it from here on.',
    action,
  })
}
