import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { EngineRoutes, RouteInput } from '#shared/contract'
import { EngineClient } from '#host/client'
import { emptyFolder } from '../../fixtures/exportTarget'
import { createMemoryEngine } from '../../fixtures/memoryEngine'

/**
 * Cancels an export whose engine then does not answer, next to a work folder with these files.
 *
 * @param hasBegun  whether the engine had got as far as the frames
 */
async function cancelExport(
  names: readonly string[],
  { hasBegun = true, ...options }: { hasBegun?: boolean; keepUnfinished?: boolean } = {},
) {
  const folder = emptyFolder()
  const path = join(folder, 'film.gif')
  const work = join(folder, 'film.gif.partial')
  mkdirSync(work)
  for (const name of names) writeFileSync(join(work, name), '')
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  writeFileSync(join(work, '.slerp-studio.holder.json'), JSON.stringify({ pid, host: hostname(), hasBegun }))
  writeFileSync(
    join(folder, `.slerp-studio-${hostname()}-${pid}-00000000-0000-0000-0000-000000000000.part`),
    '',
  )
  const client = new EngineClient(() => createMemoryEngine(100).port, { cancelSeconds: 0.01 })
  const controller = new AbortController()
  const input = { target: { path, format: 'gif', ...options } }
  const answer = client.request(
    'animation.export',
    input as unknown as RouteInput<EngineRoutes['animation.export']>,
    { signal: controller.signal },
  )
  controller.abort()
  expect(await answer).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
  return { folder, work }
}

const ofAnExport = ['provenance.json', '000000.png', '000012.png']

it('leaves no files of a cancelled export whose engine had to be killed (would catch “no files left behind” beside them)', async () => {
  const { folder } = await cancelExport(ofAnExport)
  expect(readdirSync(folder)).toEqual([])
})

it('keeps the frames of an earlier export if the engine ended while it still encoded (would catch a night of decoding lost to a cancel)', async () => {
  const { folder, work } = await cancelExport(ofAnExport, { hasBegun: false })
  expect(readdirSync(work).sort()).toEqual([...ofAnExport].sort())
  expect(readdirSync(folder)).toEqual(['film.gif.partial'])
})

it('leaves no work folder of an export that had no frames yet', async () => {
  const { folder } = await cancelExport([], { hasBegun: false })
  expect(readdirSync(folder)).toEqual([])
})

it('keeps the frames of a command that was interrupted, to be continued', async () => {
  const { work } = await cancelExport(ofAnExport, { keepUnfinished: true })
  expect(readdirSync(work)).toEqual(expect.arrayContaining(ofAnExport))
})

it('touches no folder that holds files of the user', async () => {
  const { work } = await cancelExport([...ofAnExport, 'mine.txt'])
  expect(existsSync(join(work, 'mine.txt'))).toBe(true)
  expect(readdirSync(work)).toEqual(expect.arrayContaining(ofAnExport))
})
