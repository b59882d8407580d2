import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { StudioError } from '#shared/errors'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { hostileProjects } from '../../../fixtures/hostileProjects'
import { startEngine } from '../../../fixtures/projects'

/** Names that would appear on the disk if one led out of its folder. */
const suspicious = ['evil', 'evil.txt', 'pwned']

describe('hostile projects', () => {
  it('number at least 80', () => {
    expect(Object.keys(hostileProjects).length).toBeGreaterThanOrEqual(80)
  })

  it.each(Object.keys(hostileProjects))(
    '%s: gives a reason and writes nothing outside its folder',
    async (name) => {
      const folder = emptyFolder()
      const path = join(folder, 'film.slerp')
      await writeFile(path, hostileProjects[name])
      const engine = startEngine(join(folder, 'inside'))
      const reasons = await engine.open(path).then(
        ({ problems, missing }) => [...problems, ...missing],
        (error: unknown) => {
          expect(error).toBeInstanceOf(StudioError)
          expect((error as StudioError).code).toBe('BAD_PROJECT')
          return [(error as StudioError).message]
        },
      )
      expect(reasons.length, name).toBeGreaterThan(0)
      const written = await readdir(folder, { recursive: true })
      expect(written.filter((one) => suspicious.some((bad) => one.endsWith(bad)))).toEqual([])
      expect((await readdir(folder)).sort().filter((one) => one !== 'inside')).toEqual(['film.slerp'])
    },
  )
})
