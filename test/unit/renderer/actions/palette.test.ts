import { expect, it } from 'vitest'
import { commands } from '../../../../src/renderer/actions/commands'
import { runByKey, type ActionRow } from '../../../../src/renderer/actions/actionRows'
import { findActions } from '../../../../src/renderer/actions/palette'

const row = (id: string, title: string, part: Partial<ActionRow> = {}): ActionRow => ({
  id,
  title,
  run: () => undefined,
  ...part,
})
const sections = [
  {
    title: 'Stop',
    rows: [row('duplicate', 'Duplicate stop'), row('paste', 'Paste after', { disabled: true })],
  },
  { title: 'Commands', rows: Object.entries(commands).map(([id, { title }]) => row(id, title)) },
]
const found = (query: string) => findActions(sections, query).flatMap(({ rows }) => rows.map(({ id }) => id))

it('finds actions by the beginnings of their words, in any order and any case', () => {
  expect(found('stop DUP')).toEqual(['duplicate'])
  expect(found('fra las')).toEqual(['lastFrame'])
  expect(found('no such thing')).toEqual([])
})

it('leaves out disabled actions and the palette itself', () => {
  expect(found('')).not.toContain('paste')
  expect(found('')).not.toContain('showPalette')
})

const press = { key: 'd', ctrlKey: true, metaKey: false, shiftKey: false, altKey: false }

it('runs the row of a pressed key, unless another modifier is held or the row is disabled', () => {
  const ran: string[] = []
  const chord = { key: 'd', mod: true }
  const groups = (disabled: boolean) => [
    [row('duplicate', 'Duplicate', { chord, disabled, run: () => ran.push('d') })],
  ]
  expect(runByKey(groups(false), press)).toBe(true)
  expect(runByKey(groups(false), { ...press, shiftKey: true })).toBe(false)
  expect(runByKey(groups(true), press)).toBe(false)
  expect(ran).toEqual(['d'])
})
