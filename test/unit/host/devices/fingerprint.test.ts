import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { fingerprintMachine } from '#host/devices/fingerprint'
import { emptyFolder } from '../../../fixtures/exportTarget'

const lastYear = new Date('2025-06-01T00:00:00Z')
let drivers: string
let log: string
beforeEach(async () => {
  const windows = emptyFolder()
  drivers = join(windows, 'System32', 'DriverStore', 'FileRepository')
  log = join(windows, 'INF', 'setupapi.dev.log')
  await mkdir(join(drivers, 'nv_dispi.inf_amd64_1'), { recursive: true })
  await mkdir(join(windows, 'INF'))
  await writeFile(log, 'one card')
  for (const path of [drivers, log]) await utimes(path, lastYear, lastYear)
  vi.stubEnv('SystemRoot', windows)
})
afterEach(() => vi.unstubAllEnvs())

const windowsNow = (): Promise<string> => fingerprintMachine('win32')

it('of Windows stays while nothing changes', async () => {
  expect(await windowsNow()).toBe(await windowsNow())
})

it.each([
  ['driver', () => mkdir(join(drivers, 'nv_dispi.inf_amd64_2'))],
  ['card with a known driver', () => writeFile(log, 'two cards')],
])(
  'of Windows changes with a new %s (would catch a device that is never checked again)',
  async (_, install) => {
    const before = await windowsNow()
    await install()
    expect(await windowsNow()).not.toBe(before)
  },
)

it('of Linux does not depend on a folder of Windows', async () => {
  const before = await fingerprintMachine('linux')
  await writeFile(log, 'two cards')
  expect(await fingerprintMachine('linux')).toBe(before)
})
