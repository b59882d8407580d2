import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readModelCard } from '#engine/model/folders/modelCard'

const path = join(mkdtempSync(join(tmpdir(), 'card-')), 'README.md')

// As in cards of published models: plain, quoted, with a comment, after other lists, as a list of several.
it.each([
  ['license: apache-2.0', 'apache-2.0'],
  ['license: "cc-by-sa-4.0"', 'cc-by-sa-4.0'],
  ['license: mit # see LICENSE', 'mit'],
  ['tags:\n- pytorch\n- diffusers\nlicense: mit', 'mit'],
  ['license:\n- mit\n- apache-2.0', 'mit, apache-2.0'],
  ['license: >-\n  openrail', 'openrail'],
  ['tags: [x]', null],
  ['license: ', null],
  ['license: [unclosed', null],
  ['a: &a [*a]\nlicense: mit', 'mit'],
])('the licence in %j is %j', async (frontMatter, licence) => {
  writeFileSync(path, `---\n${frontMatter}\n---\n# A model\n`)
  expect(await readModelCard(path)).toEqual({ licence, text: '# A model' })
})

it('a card without front matter, and a missing card, have no licence', async () => {
  writeFileSync(path, 'license: mit\n')
  expect(await readModelCard(path)).toEqual({ licence: null, text: 'license: mit' })
  expect(await readModelCard(join(path, '..', 'missing.md'))).toEqual({ licence: null, text: '' })
})

it('a card of which only the beginning is read keeps its licence, and a folder is an empty card', async () => {
  writeFileSync(path, `---\nlicense: mit\n---\n${'x'.repeat(2 ** 21)}`)
  const { licence, text } = await readModelCard(path)
  expect(licence).toBe('mit')
  expect(text.length).toBeLessThanOrEqual(2 ** 20)
  const folder = `${path}.folder`
  mkdirSync(folder)
  expect(await readModelCard(folder)).toEqual({ licence: null, text: '' })
})
