import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { chooseCuda, parseDriver } from '../../../tools/cuda/findCuda.mjs'
import { installProvider, requireSha256 } from '../../../tools/cuda/installProvider.mjs'

const table = `
+-----------------------------------------------------------------------------------------+
| NVIDIA-SMI 580.65.06              Driver Version: 580.65.06      CUDA Version: 13.0     |
+-----------------------------------------+------------------------+----------------------+`

it('reads the driver and the newest CUDA it serves from what nvidia-smi prints', () => {
  expect(parseDriver(table)).toEqual({ driver: '580.65.06', newestCuda: 13 })
  expect(parseDriver('')).toBeNull()
})

describe('the version of CUDA', () => {
  const driver = (newestCuda: number) => ({ driver: '1', newestCuda })
  const lacks = (of12: string[], of13: string[]) => ({ 12: of12, 13: of13 })
  it.each([
    ['13, when both are there', driver(13), lacks([], []), 13],
    ['12, when only its libraries are there', driver(13), lacks([], ['libcublas.so.13']), 12],
    ['12, when the driver serves no newer one', driver(12), lacks(['libcudart.so.12'], []), 12],
    ['the newest that the driver serves, when none is there', driver(13), lacks(['a'], ['b']), 13],
    ['none, for a driver from before', driver(11), lacks([], []), null],
    ['none, without a driver', null, lacks([], []), null],
  ])('is %s', (_, found, missing, expected) => {
    expect(chooseCuda({ driver: found, missing })).toBe(expected)
  })
})

describe('installing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cuda-'))

  it('refuses a file of another hash (would catch a package changed after it was looked at)', () => {
    const path = join(folder, 'file')
    writeFileSync(path, 'abc')
    // SHA-256 of "abc", from FIPS 180-2, appendix B.1.
    const known = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    expect(() => requireSha256(path, known)).not.toThrow()
    expect(() => requireSha256(path, known.replace('b', 'c'))).toThrow(/Nothing was installed/)
  })

  it('refuses a runtime of another release, before anything is downloaded', () => {
    writeFileSync(join(folder, 'package.json'), '{"version":"1.30.0"}')
    expect(() => installProvider(13, folder)).toThrow(/1\.30\.0.*1\.29\.0/)
  })
})
