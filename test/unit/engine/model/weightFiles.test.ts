import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeSafetensors } from '#engine/model/weights/safetensors'
import {
  filesOfWeights,
  findWeightFiles,
  holdsWeights,
  readWeightEntries,
} from '#engine/model/weights/weightFiles'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weights-'))
})
afterEach(() => rm(folder, { recursive: true }))

const whole = 'diffusion_pytorch_model.safetensors'
const half = 'diffusion_pytorch_model.fp16.safetensors'
const index = `${whole}.index.json`

async function found(files: Record<string, string>): Promise<string[]> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return (await findWeightFiles(folder)).map((file) => basename(file))
}

describe('findWeightFiles', () => {
  it('prefers full-precision weights to a variant', async () => {
    expect(await found({ [whole]: '', [half]: '', 'other.bin': '' })).toEqual([whole])
  })

  it('uses a variant if there are no other weights', async () => {
    expect(await found({ [half]: '', 'readme.txt': '' })).toEqual([half])
  })

  it.each(['fp16', 'non_ema'])(
    'prefers plain PyTorch weights to a %s variant as safetensors, as diffusers does',
    async (variant) => {
      const files = {
        'diffusion_pytorch_model.bin': '',
        [`diffusion_pytorch_model.${variant}.safetensors`]: '',
      }
      expect(await found(files)).toEqual(['diffusion_pytorch_model.bin'])
    },
  )

  it('prefers plain PyTorch shards to a variant, whole or in shards', async () => {
    const indexOf = (name: string) => JSON.stringify({ weight_map: { a: name } })
    const files = {
      'diffusion_pytorch_model.bin.index.json': indexOf('one.bin'),
      'diffusion_pytorch_model.safetensors.index.fp16.json': indexOf('one.fp16.safetensors'),
      [half]: '',
    }
    expect(await found(files)).toEqual(['one.bin'])
  })

  it('lists every shard once, sorted by name (would catch a hash that depends on the order of the index)', async () => {
    const weight_map = { a: 'two.safetensors', b: 'one.safetensors', c: 'two.safetensors' }
    expect(await found({ [index]: JSON.stringify({ weight_map }), [half]: '' })).toEqual([
      'one.safetensors',
      'two.safetensors',
    ])
  })

  it.each([
    ['in front of the ending', 'diffusion_pytorch_model.fp16.safetensors.index.json'],
    ['behind the index', 'diffusion_pytorch_model.safetensors.index.fp16.json'],
  ])('finds shards whose index name has the variant %s', async (_, name) => {
    const weight_map = { a: 'one.fp16.safetensors', b: 'two.fp16.safetensors' }
    expect(await found({ [name]: JSON.stringify({ weight_map }) })).toEqual([
      'one.fp16.safetensors',
      'two.fp16.safetensors',
    ])
  })

  it('uses plain PyTorch weights only if there are no plain safetensors (would catch rejecting most published examples)', async () => {
    expect(await found({ 'diffusion_pytorch_model.bin': '', 'training_args.bin': '' })).toEqual([
      'diffusion_pytorch_model.bin',
    ])
    expect(await found({ [whole]: '' })).toEqual([whole])
  })

  it('uses a single weight file of another name, and rejects several by listing them', async () => {
    expect(await found({ 'ema.pt': '' })).toEqual(['ema.pt'])
    await expect(found({ 'other.pt': '' })).rejects.toThrow('ema.pt, other.pt')
  })

  const numberedAs = (total: number, name = 'diffusion_pytorch_model', ending = '.safetensors') =>
    Array.from({ length: total }, (_, i) => `${name}-0000${i + 1}-of-0000${total}${ending}`)
  const empty = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, '']))

  it.each([
    ['of diffusers', numberedAs(3)],
    ['of a variant', numberedAs(2, 'model.fp16')],
    ['with the variant behind the number', numberedAs(2, 'model', '.fp16.safetensors')],
    ['of one file', numberedAs(1)],
    ['of PyTorch', numberedAs(2, 'pytorch_model', '.bin')],
  ])('reads all numbered shards %s, if none is missing, without an index', async (_, shards) => {
    expect(await found(empty(shards))).toEqual(shards)
  })

  it('says which shard is missing (would catch the advice to keep one of them)', async () => {
    const [first, second, third] = numberedAs(3)
    await expect(found(empty([first, third]))).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: `The folder ${folder} lacks ${second}: put all 3 numbered files of these weights there.`,
    })
    await rm(join(folder, first))
    await expect(found({})).rejects.toThrow(`lacks ${first} and 1 more: put all 3`)
  })

  it('prefers shards of safetensors to those of PyTorch, and plain ones to a variant', async () => {
    const plain = numberedAs(2)
    const others = [...numberedAs(2, 'a_model', '.bin'), ...numberedAs(2, 'diffusion_pytorch_model.fp16')]
    expect(await found(empty([...others, ...plain, 'training_args.bin']))).toEqual(plain)
  })

  it.each<[what: string, wanted: string[], others: string[]]>([
    [
      'of PyTorch to those of a variant as safetensors',
      numberedAs(2, 'diffusion_pytorch_model', '.bin'),
      numberedAs(2, 'diffusion_pytorch_model.fp16'),
    ],
    ['to a whole variant', numberedAs(2), [half]],
    ['of PyTorch under another name', numberedAs(2, 'ema', '.bin'), numberedAs(2, 'ema.fp16')],
    ['of PyTorch to an incomplete set', numberedAs(2, 'ema', '.bin'), numberedAs(2, 'ema').slice(1)],
  ])('prefers full-precision shards without an index %s', async (_, wanted, others) => {
    expect(await found(empty([...others, ...wanted]))).toEqual(wanted)
  })

  it('prefers a whole file to shards without an index, and a variant to an incomplete set', async () => {
    expect(await found(empty([...numberedAs(2).slice(1), half]))).toEqual([half])
    const bin = 'diffusion_pytorch_model.bin'
    expect(await found(empty([...numberedAs(2), bin]))).toEqual([bin])
  })

  it('takes a file for no shard whose number lies outside its set', async () => {
    const [name] = numberedAs(2)
    const wrong = name.replace('00001', '00007')
    expect(await found({ [wrong]: '' })).toEqual([wrong])
  })

  it('reads the whole set of a shard that was chosen by its path', async () => {
    const shards = numberedAs(2)
    await found(empty(shards))
    const chosen = await filesOfWeights(join(folder, shards[1]))
    expect(chosen).toEqual(shards.map((name) => join(folder, name)))
    expect(await filesOfWeights(join(folder, 'ema.pt'))).toEqual([join(folder, 'ema.pt')])
  })

  it('names OpenVINO, whose weights have an ending of PyTorch’s (would catch a damaged file)', async () => {
    const compiled = { 'openvino_model.bin': '', 'openvino_model.xml': '' }
    await expect(found(compiled)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: `The folder ${folder} holds a network compiled for OpenVINO: choose the model it was made from.`,
    })
    expect(await found({ 'ema.pt': '' })).toEqual(['ema.pt'])
  })

  it('rejects an index without a weight map', async () => {
    await expect(found({ [index]: '{}' })).rejects.toThrow(/no "weight_map"/)
  })
})

describe('holdsWeights', () => {
  const shards = ['diffusion_pytorch_model-00001-of-00002.bin', 'diffusion_pytorch_model-00002-of-00002.bin']

  it.each([
    ['a whole file', [whole], true],
    ['an index', [index], true],
    ['all numbered shards of a set (would catch exported graphs in their place)', shards, true],
    ['numbered shards of a variant', ['model-00001-of-00001.fp16.safetensors'], true],
    ['numbered shards of which one is missing', shards.slice(1), false],
    ['numbered files of something else', ['optimizer-00001-of-00001.bin'], false],
    ['a graph', ['model.onnx'], false],
  ])('%s: %j is %s', (_, names, expected) => {
    expect(holdsWeights(['config.json', 'model.onnx', ...names])).toBe(expected)
  })
})

describe('readWeightEntries', () => {
  it('rejects a tensor that is in two files (would catch picking one of them by chance)', async () => {
    const files = [join(folder, 'a'), join(folder, 'b')]
    for (const file of files) {
      await writeFile(file, encodeSafetensors({ x: { shape: [1], data: new Float32Array(1) } }))
    }
    await expect(readWeightEntries(files)).rejects.toThrow(`Both ${files[0]} and ${files[1]} hold tensor "x"`)
  })
})
