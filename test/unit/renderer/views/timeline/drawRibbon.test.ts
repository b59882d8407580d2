import { describe, expect, it } from 'vitest'
import { ribbonTokens } from '../../../../../src/renderer/views/timeline/drawRibbon'
import { colourOf, contrastOf, themes } from '../../../../fixtures/contrast'

describe.each(themes)('the ribbon in the %s theme', (theme) => {
  it.each(['draft', 'final'] as const)(
    'tells a %s frame from one that is missing (would catch a line that cannot be seen)',
    (quality) => {
      const [shown, empty] = [ribbonTokens[quality], ribbonTokens.empty].map((token) =>
        colourOf(token, theme),
      )
      // The least for parts of a control, WCAG 2.2, 1.4.11.
      expect(contrastOf(shown, empty)).toBeGreaterThanOrEqual(3)
    },
  )
})
