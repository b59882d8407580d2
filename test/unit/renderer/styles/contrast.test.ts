import { describe, expect, it } from 'vitest'
import { colourOf, contrastOf, layer, ruleOf, themes, valueOf, type Theme } from '../../../fixtures/contrast'

/** The least for text, WCAG 2.2, 1.4.3. */
const leastOfText = 4.5
/** The least for what shows the state of a control, WCAG 2.2, 1.4.11. */
const leastOfState = 3

it('measures contrast as WCAG does', () => {
  expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21)
  expect(contrastOf('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
  expect(layer('#00000080', '#ffffff')).toBe('#7f7f7f')
})

/** The colours that a rule draws with on a ground. */
function drawnBy(rule: string, properties: readonly string[], ground: string, theme: Theme): string[] {
  return properties
    .flatMap((property) => [...valueOf(rule, property).matchAll(/var\((--[\w-]+)\)/g)])
    .map(([, token]) => layer(colourOf(token, theme), colourOf(ground, theme)))
}

const shapes = ['background', 'box-shadow', 'outline']

describe.each(themes)('in the %s theme', (theme) => {
  it.each([
    ['the selected segment', 'kit/SegmentedControl.vue', ".segment[data-state='checked']", '--sunken'],
    ['a pressed icon button', 'kit/IconButton.vue', ".icon-button[aria-pressed='true']", '--panel'],
    ['a switch that is off', 'kit/SwitchField.vue', '.switch', '--panel'],
    ['a switch that is on', 'kit/SwitchField.vue', ".switch[data-state='checked']", '--panel'],
    ['a chip that is on', 'views/lab/ChipGroup.vue', ".chip[data-state='on']", '--panel'],
    ['the chosen preset', 'views/inspector/PresetPicker.vue', ".preset[data-state='checked']", '--panel'],
    ['the chosen format', 'views/export/FormatPicker.vue', ".format[data-state='checked']", '--panel'],
    [
      'the selected segment of a film',
      'views/timeline/SegmentPill.vue',
      ".pill[aria-pressed='true']",
      '--panel',
    ],
    ['a selected picture', 'views/library/LibraryTile.vue', ".tile[aria-selected='true'] .frame", '--panel'],
  ])(
    '%s stands out (would catch a choice that cannot be told from the others)',
    (_, file, selector, ground) => {
      const drawn = drawnBy(ruleOf(file, selector), shapes, ground, theme)
      const contrasts = drawn.map((colour) => contrastOf(colour, colourOf(ground, theme)))
      expect(Math.max(...contrasts)).toBeGreaterThanOrEqual(leastOfState)
    },
  )

  it.each(['.switch', ".switch[data-state='checked']"])(
    'the thumb of a switch, %s, stands out',
    (selector) => {
      const state = selector.replace('.switch', '')
      const thumb = valueOf(ruleOf('kit/SwitchField.vue', `.thumb${state}`), 'background')
      const [track] = drawnBy(ruleOf('kit/SwitchField.vue', selector), ['background'], '--panel', theme)
      const token = /--[\w-]+/.exec(thumb)?.[0]
      expect(contrastOf(token ? colourOf(token, theme) : '#ffffff', track)).toBeGreaterThanOrEqual(
        leastOfState,
      )
    },
  )

  it.each(['text', '.read text', '.faded text'])(
    'the label of a curve, %s, can be read (would catch labels that fade away)',
    (selector) => {
      const rule = ruleOf('views/lab/ChartLabels.vue', selector)
      const [text] = drawnBy(rule, ['fill'], '--panel', theme)
      expect(contrastOf(text, colourOf('--panel', theme))).toBeGreaterThanOrEqual(leastOfText)
    },
  )

  it.each([
    ['kit/SelectField.vue', '.hint'],
    ['kit/MenuChoice.vue', 'small'],
  ])('the hint of a highlighted choice in %s can be read', (file, selector) => {
    const opacity = Number(valueOf(ruleOf(file, selector), 'opacity'))
    const ground = colourOf('--accent', theme)
    const text = layer(colourOf('--on-accent', theme), ground, opacity)
    expect(contrastOf(text, ground)).toBeGreaterThanOrEqual(leastOfText)
  })

  it.each(['--text', '--text-2', '--text-3', '--good', '--fair', '--poor'])(
    '%s can be read on every ground that it is used on',
    (token) => {
      for (const ground of ['--panel', '--raised', '--stage', '--sunken', '--hover']) {
        const contrast = contrastOf(colourOf(token, theme), colourOf(ground, theme))
        expect(contrast, ground).toBeGreaterThanOrEqual(leastOfText)
      }
    },
  )

  it.each(['--text', '--text-2'])('%s can be read on a choice', (token) => {
    for (const ground of ['--panel', '--raised', '--sunken']) {
      const chosen = layer(colourOf('--accent-soft', theme), colourOf(ground, theme))
      expect(contrastOf(colourOf(token, theme), chosen), ground).toBeGreaterThanOrEqual(leastOfText)
    }
  })
})
