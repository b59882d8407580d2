import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { appRoutes, engineRoutes } from '#shared/contract'

const folder = join(import.meta.dirname, '../../../src/shared/routes')

/** The names of all routes in the tables of one folder. */
async function namesIn(side: string): Promise<string[]> {
  const files = await readdir(join(folder, side))
  const tables = await Promise.all(
    files.map(async (file) => {
      const exported = (await import(join(folder, side, file))) as Record<string, object>
      return exported[file.replace('.ts', '')]
    }),
  )
  return tables.flatMap((table) => Object.keys(table)).sort()
}

it('every row of every table is a route (would catch a table missing from the contract)', async () => {
  expect(Object.keys(engineRoutes).sort()).toEqual(await namesIn('engine'))
  expect(Object.keys(appRoutes).sort()).toEqual(await namesIn('app'))
})

it('no name is in two tables (would catch a row that silently replaces another)', async () => {
  const names = [...(await namesIn('engine')), ...(await namesIn('app'))]
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})
