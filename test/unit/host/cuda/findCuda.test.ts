import { afterEach, describe, expect, it, vi } from 'vitest'
import { chooseCuda, findCuda, parseDriver } from '#host/cuda/findCuda'
import { setUpCuda } from '#host/cuda/setUpCuda'
import { standInForNvidiaSmi } from '../../../fixtures/nvidiaSmi'

const isServed = process.platform === 'linux' && process.arch === 'x64'

const start = () => {
  throw new Error('nothing is to be downloaded')
}

afterEach(() => vi.unstubAllEnvs())

const table = `
+-----------------------------------------------------------------------------------------+
| NVIDIA-SMI 580.65.06              Driver Version: 580.65.06      CUDA Version: 13.0     |
+-----------------------------------------+------------------------+----------------------+`

// The banner of the drivers from 610 on.
const table610 = `
+-----------------------------------------------------------------------------------------+
| NVIDIA-SMI 610.43.02              KMD Version: 610.43.02     CUDA UMD Version: 13.3     |
+-----------------------------------------+------------------------+----------------------+`

it('reads the driver version and the newest CUDA that it supports from the output of nvidia-smi', () => {
  expect(parseDriver(table)).toEqual({ driver: '580.65.06', newestCuda: 13 })
  expect(parseDriver(table610)).toEqual({ driver: '610.43.02', newestCuda: 13 })
  expect(parseDriver('')).toBeNull()
})

// Shell scripts stand in for NVIDIA's program.
describe.skipIf(process.platform === 'win32')('nvidia-smi', () => {
  it('is asked for the driver', async () => {
    standInForNvidiaSmi(`cat <<'END'${table}\nEND`)
    expect(await findCuda()).toMatchObject({
      driver: { driver: '580.65.06', newestCuda: 13 },
      isSilent: false,
    })
    standInForNvidiaSmi('exit 9')
    expect(await findCuda()).toMatchObject({ driver: null, isSilent: false })
  })

  it('is not waited for longer than agreed, meanwhile other work goes on (would catch a frozen window)', async () => {
    standInForNvidiaSmi('exec sleep 30')
    let ticks = 0
    const ticking = setInterval(() => ticks++, 10)
    const started = performance.now()
    const found = await findCuda(0.5)
    clearInterval(ticking)
    expect(found).toMatchObject({ driver: null, isSilent: true })
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(ticks).toBeGreaterThan(3)
  })

  it.runIf(isServed)('that does not answer is the reason why nothing is set up', async () => {
    const found = { driver: null, isSilent: true, missing: { 12: [], 13: [] } }
    await expect(setUpCuda(start, {}, found)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(/driver does not answer.*restart the computer/) as string,
    })
  })
})

describe.runIf(isServed)('a computer whose libraries are those of CUDA 12', () => {
  const refusalFor = (driver: string, newestCuda: number): Promise<unknown> => {
    const missing = { 12: [], 13: ['libcudart.so.13'] }
    return setUpCuda(start, {}, { driver: { driver, newestCuda }, isSilent: false, missing }).catch(
      (thrown: unknown) => thrown,
    )
  }

  it('is told to update a driver that does not serve CUDA 13', async () => {
    expect(await refusalFor('550.54', 12)).toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(/update the driver to 580 or later and install CUDA 13/) as string,
    })
  })

  it('is not told to update one that does (would catch advice that changes nothing)', async () => {
    const refusal = await refusalFor('580.65.06', 13)
    expect(refusal).toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(/has CUDA 12: install CUDA 13/) as string,
    })
    expect(refusal).not.toMatchObject({ message: expect.stringMatching(/driver/) as string })
  })
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
