import { describe, expect, it } from 'vitest'
import { chooseCuda, parseDriver } from '#host/cuda/findCuda'

const table = `
+-----------------------------------------------------------------------------------------+
| NVIDIA-SMI 580.65.06              Driver Version: 580.65.06      CUDA Version: 13.0     |
+-----------------------------------------+------------------------+----------------------+`

it('reads the driver version and the newest CUDA that it supports from the output of nvidia-smi', () => {
  expect(parseDriver(table)).toEqual({ driver: '580.65.06', newestCuda: 13 })
  expect(parseDriver('')).toBeNull()
})

describe('the chosen version of CUDA', () => {
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
