import { expect, it } from 'vitest'
import { overdueRelease } from '../../../tools/outdated.mjs'

const now = Date.parse('2026-06-30T00:00:00Z')
const day = (number: number) => `2026-06-${String(number).padStart(2, '0')}T00:00:00Z`

it.each([
  ['a patch of two weeks and a day', { '45.4.1': day(1), '45.4.2': day(15) }, '45.4.2'],
  ['the oldest of several', { '45.5.0': day(10), '45.4.2': day(9) }, '45.4.2'],
  ['nothing newer', { '45.4.0': day(1), '45.4.1': day(2) }, null],
  ['a patch that is fresh', { '45.4.2': day(20) }, null],
  ['another major version, which is a decision of its own', { '46.0.0': day(1), '44.9.9': day(1) }, null],
  ['no release at all', { created: day(1), modified: day(1), '45.5.0-beta.1': day(1) }, null],
  ['ten after nine (would catch versions compared as text)', { '45.10.0': day(1) }, '45.10.0'],
])('finds the overdue update of Electron 45.4.1, if any: %s', (_, times, expected) => {
  expect(overdueRelease('45.4.1', times as Record<string, string>, now)).toBe(expected)
})
