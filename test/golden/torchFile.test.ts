import { mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { toFloat32 } from '#engine/model/weights/dtypes'
import { readWeights, type Weight } from '#engine/model/weights/networkWeights'
import { readTorchEntries } from '#engine/model/weights/torch/torchFile'

/** Written by PyTorch itself: see save.py in the same folder. */
const fileOf = (name: string) => fileURLToPath(new URL(`fixtures/torch/${name}.pt`, import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'torch-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** base[i, j, k] of save.py, whose values identify their positions. */
const base = (i: number, j: number, k: number) => 12 * i + 4 * j + k

/** What save.py puts into every file, computed from its formulas. */
const expected: Record<string, { shape: number[]; values: number[] }> = {
  whole: { shape: [2, 3, 4], values: Array.from({ length: 24 }, (_, n) => n) },
  transposed: {
    shape: [4, 2, 3],
    values: [0, 1, 2, 3].flatMap((k) => [0, 1].flatMap((i) => [0, 1, 2].map((j) => base(i, j, k)))),
  },
  part: { shape: [2, 2], values: [1, 2].flatMap((j) => [0, 2].map((k) => base(1, j, k))) },
  half: { shape: [4], values: [0, 1, 2, 3] },
  bfloat: { shape: [4], values: [0, 1, 2, 3] },
  double: { shape: [4], values: [0, 1, 2, 3] },
  parameter: { shape: [2], values: [1, 1] },
  scalar: { shape: [], values: [3] },
}

async function valuesOf(file: string): Promise<typeof expected> {
  const { tensors } = await readWeights([file])
  const whole = readFileSync(file)
  const valuesIn = ({ bytes, dtype }: Weight) => {
    const own =
      bytes instanceof Uint8Array ? bytes : whole.subarray(bytes.offset, bytes.offset + bytes.length)
    return [...toFloat32(Uint8Array.from(own), dtype)]
  }
  return Object.fromEntries(
    [...tensors].map(([name, weight]) => [name, { shape: [...weight.shape], values: valuesIn(weight) }]),
  )
}

describe('PyTorch files', () => {
  it.each(['tensors', 'checkpoint'])(
    'reads every tensor of %s (would catch wrong offsets, strides or dtypes)',
    async (name) => {
      expect(await valuesOf(fileOf(name))).toEqual(expected)
    },
  )

  it.each([
    ['beside a stray tensor, and an average without weights', 'stray'],
    ['as averaged weights, with the ordinary ones and their buffers beside them', 'averaged'],
  ])('finds the network of a checkpoint %s (would catch one tensor taken for it)', async (_, name) => {
    expect(await valuesOf(fileOf(name))).toEqual(expected)
  })

  it('leaves contiguous tensors in the file (would catch copying the weights into memory)', async () => {
    const { tensors } = await readWeights([fileOf('tensors')])
    expect(tensors.get('whole')!.bytes).not.toBeInstanceOf(Uint8Array)
    expect(tensors.get('transposed')!.bytes).toBeInstanceOf(Uint8Array)
  })

  it("reads a module's state dictionary with its attributes", async () => {
    const entries = await readTorchEntries(fileOf('module'))
    expect([...entries].map(([name, { dtype, shape }]) => [name, dtype, shape])).toEqual([
      ['0.weight', 'F16', [3, 2]],
      ['0.bias', 'F16', [3]],
      ['1.weight', 'F16', [1, 3]],
      ['1.bias', 'F16', [1]],
    ])
  })

  it('refuses a file from before PyTorch 1.6 and says how to convert it', async () => {
    await expect(readTorchEntries(fileOf('legacy'))).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringMatching(/before PyTorch 1\.6.*safe_serialization=True/),
    })
  })

  it('refuses a pickled module and names its class (would catch building foreign objects)', async () => {
    await expect(readTorchEntries(fileOf('wholeModule'))).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringContaining('torch.nn.modules.linear.Linear'),
    })
  })

  it('refuses a file that is truncated anywhere (would catch half the weights taken for all)', async () => {
    const whole = readFileSync(fileOf('tensors'))
    for (let length = 0; length < whole.length; length += 97) {
      const path = join(folder, 'cut.pt')
      writeFileSync(path, whole.subarray(0, length))
      await expect(readTorchEntries(path)).rejects.toMatchObject({ code: 'BAD_MODEL' })
    }
  })
})
