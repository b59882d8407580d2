import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeSafetensors } from '#engine/model/weights/safetensors'
import { findWeightFiles, readWeightEntries } from '#engine/model/weights/weightFiles'

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

  it('uses PyTorch weights only if there are no safetensors (would catch rejecting most published examples)', async () => {
    expect(await found({ 'diffusion_pytorch_model.bin': '', 'training_args.bin': '' })).toEqual([
      'diffusion_pytorch_model.bin',
    ])
    expect(await found({ [half]: '' })).toEqual([half])
  })

  it('uses a single weight file of another name, and rejects several by listing them', async () => {
    expect(await found({ 'ema.pt': '' })).toEqual(['ema.pt'])
    await expect(found({ 'other.pt': '' })).rejects.toThrow('ema.pt, other.pt')
  })

  it('rejects an index without a weight map', async () => {
    await expect(found({ [index]: '{}' })).rejects.toThrow(/no "weight_map"/)
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
