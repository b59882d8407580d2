import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fitFileName, fitUniqueFileName } from '#files/fileName'
import { emptyFolder } from '../../fixtures/exportTarget'

const long = `${'ä'.repeat(111)} to ${'漢'.repeat(111)}`
const folder = emptyFolder()

it('shortens a name to what a file system accepts, and keeps whole characters and the ending', () => {
  const name = fitFileName(long, '.gif')
  expect(Buffer.byteLength(name)).toBeGreaterThan(252)
  expect(name.endsWith('漢.gif')).toBe(true)
  expect(() => writeFileSync(join(folder, name), '')).not.toThrow()
  expect(fitFileName('morph', '.gif')).toBe('morph.gif')
})

it('keeps names distinct that differ only at their ends (would catch two exports in one work folder)', () => {
  const [a, b] = ['a', 'b'].map((end) => fitUniqueFileName(`${'x'.repeat(254)}${end}`, '.partial'))
  expect(a).not.toBe(b)
  expect(() => writeFileSync(join(folder, a), '')).not.toThrow()
  expect(fitUniqueFileName('morph.gif', '.partial')).toBe('morph.gif.partial')
})
