import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fuses } from '../../../tools/package/fuses.mjs'

const text = readFileSync('docs/security.md', 'utf8')
const rows = text.split('\n').filter((line) => line.startsWith('| '))
/** The tests named in the rows: file and title. */
const named = rows.flatMap((row) =>
  [...row.matchAll(/`(test\/[^`]+)`: "([^"]+)"/g)].map(([, file, title]) => ({ row, file, title })),
)

describe('docs/security.md', () => {
  it('has a test for each of the 20 points of Electron’s checklist', () => {
    const points = named.flatMap(({ row }) => /^\| (\d+) /.exec(row)?.[1] ?? []).map(Number)
    expect(points).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
  })

  it('has a test for every fuse', () => {
    const told = named.flatMap(({ row }) => /^\| (\w+) +\| (on|off) /.exec(row)?.slice(1, 3).join(' ') ?? [])
    expect(told.sort()).toEqual(
      Object.entries(fuses)
        .map(([name, { on }]) => `${name} ${on ? 'on' : 'off'}`)
        .sort(),
    )
  })

  it.each(named)('names an existing test: $title', ({ file, title }) => {
    expect(readFileSync(file, 'utf8')).toContain(`'${title}'`)
  })
})

it('no source file uses openExternal, which would pass an address to the system', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.(ts|vue)$/.test(path),
  )
  expect(sources.length).toBeGreaterThan(400)
  expect(sources.filter((path) => readFileSync(join('src', path), 'utf8').includes('openExternal'))).toEqual(
    [],
  )
})
