import { mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { toFloat32 } from '#engine/model/weights/dtypes'
import { readWeights, type Weight } from '#engine/model/weights/networkWeights'
import { readTorchEntries } from '#engine/model/weights/torch/torchFile'
import { encodeTorchFile } from '../fixtures/torchFile'

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

  it.each([
    ['expanded', /holds a tensor that repeats its numbers/, /\.cpu\(\)\.float\(\)\.contiguous\(\)/],
    ['complex', /holds complex numbers/, /\.cpu\(\)\.real\.float/],
    ['sparse', /holds a sparse tensor/, /\.cpu\(\)\.to_dense\(\)\.float/],
    ['quantised', /holds quantised numbers/, /\.cpu\(\)\.dequantize\(\)\.float/],
    ['negative', /stands for its negative/, /\.cpu\(\)\.resolve_neg\(\)\.float/],
    ['float8fnuz', /holds numbers of type float8_e4m3fnuz/, /torch\.save/],
    ['protocol0', /pickle protocol 0 or 1/, /torch\.save/],
    ['protocol1', /pickle protocol 0 or 1/, /torch\.save/],
    ['nothing', /holds no (dictionary of )?tensor/, /torch\.save/],
  ])('says of %s what it holds, and how to save it so that it is read', async (name, what, how) => {
    const untrue = /not a whole file|could run code/
    const asLatent = readTorchEntries(fileOf(name), 'latent')
    await expect(asLatent).rejects.toMatchObject({
      code: 'BAD_LATENT',
      message: expect.stringMatching(what) as string,
    })
    await expect(asLatent).rejects.toThrow(how)
    await expect(asLatent).rejects.not.toThrow(untrue)
    const asWeights = readTorchEntries(fileOf(name))
    await expect(asWeights).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringMatching(what) as string,
    })
    await expect(asWeights).rejects.toThrow(/save_pretrained/)
    await expect(asWeights).rejects.not.toThrow(untrue)
  })

  it('reads the types without a storage class of their own as safetensors names them', async () => {
    const entries = [...(await readTorchEntries(fileOf('untyped')))]
    expect(entries.map(([name, { dtype, shape, begin, end }]) => [name, dtype, shape, end - begin])).toEqual([
      ['float8', 'F8_E4M3', [2, 3], 6],
      ['float8_e5m2', 'F8_E5M2', [2, 3], 6],
      ['uint16', 'U16', [2, 3], 12],
      ['row', 'U16', [3], 6],
    ])
    const { begin } = new Map(entries).get('uint16')!
    // The second row begins after three numbers of two bytes.
    expect(new Map(entries).get('row')!.begin).toBe(begin + 6)
  })

  it.each(['list', 'tuple', 'nested', 'numbered'])(
    'finds the tensor of a latent in a %s (would catch a whole file called damaged)',
    async (name) => {
      const entries = [...(await readTorchEntries(fileOf(name), 'latent')).values()]
      expect(entries.map(({ dtype, shape }) => [dtype, shape])).toEqual([['F32', [1, 2, 1, 1]]])
    },
  )

  it('refuses a latent in a list that holds itself (would catch a search without end)', async () => {
    const path = join(folder, 'circle.pt')
    // EMPTY_LIST, BINPUT 0, BINGET 0, APPEND
    writeFileSync(path, await encodeTorchFile({}, Buffer.from(']q\0h\0a.', 'latin1')))
    await expect(readTorchEntries(path, 'latent')).rejects.toThrow(/holds no tensor/)
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
