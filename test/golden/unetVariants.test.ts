import { cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openModel } from '#engine/model/denoiser/openModel'
import { ModelCopy, type Tensors } from '../fixtures/modelCopy'
import { largestDifference, readGolden } from './goldenUnet'

/** One golden, in every layout in which weights are published. */
let copy: ModelCopy
beforeEach(async () => {
  copy = await ModelCopy.of('one-layer')
})
afterEach(() => copy.remove())

async function predict(folder = copy.folder): Promise<Float32Array> {
  const { sample } = await readGolden(copy.folder)
  const model = await openModel({ path: folder, threads: 1 })
  const { data } = await model.denoiser.predict(sample, 500)
  await model.close()
  return data
}

async function expectGolden(folder?: string): Promise<void> {
  const { epsilons } = await readGolden(copy.folder)
  expect(largestDifference(await predict(folder), epsilons.get(500)!.data)).toBeLessThan(1e-4)
}

/** Moves a file into `blobs` and leaves a relative link, as in a Hugging Face cache. */
async function linkAway(path: string, blob: string): Promise<void> {
  await mkdir(dirname(blob), { recursive: true })
  await rename(path, blob)
  await symlink(relative(dirname(path), blob), path)
}

async function writeShards(): Promise<string[]> {
  const names = Object.keys(await copy.readTensors())
  const tensors = await copy.readTensors()
  const shards = [1, 2].map((i) => `diffusion_pytorch_model-0000${i}-of-00002.safetensors`)
  const shardOf = (name: string) => shards[names.indexOf(name) % 2]
  for (const shard of shards) {
    const part = Object.entries(tensors).filter(([name]) => shardOf(name) === shard)
    await copy.writeTensors(Object.fromEntries(part), join(copy.folder, 'unet', shard))
  }
  const weight_map = Object.fromEntries(names.map((name) => [name, shardOf(name)]))
  await writeFile(`${copy.weightsPath}.index.json`, JSON.stringify({ metadata: {}, weight_map }))
  await rm(copy.weightsPath)
  return shards.map((shard) => join(copy.folder, 'unet', shard))
}

describe('the reader of weights', () => {
  it('reads weights through the links of a Hugging Face cache (would catch a runtime that refuses links)', async () => {
    await linkAway(copy.weightsPath, join(copy.folder, 'blobs/3f1a'))
    await expectGolden()
  })

  it('reads shards by their index (would catch tensors looked up in the first file only)', async () => {
    await writeShards()
    await expectGolden()
  })

  it('reads shards whose links lead to different folders (would catch one folder assumed for all)', async () => {
    const [first, second] = await writeShards()
    await linkAway(first, join(copy.folder, 'blobs/a/11'))
    await linkAway(second, join(copy.folder, 'blobs/b/22'))
    await expectGolden()
  })

  it('reads a header of odd length (would catch values read from misaligned memory)', async () => {
    const file = await readFile(copy.weightsPath)
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(file.readBigUInt64LE() + 1n)
    const headerEnd = 8 + Number(file.readBigUInt64LE())
    const header = file.subarray(8, headerEnd)
    await writeFile(
      copy.weightsPath,
      Buffer.concat([length, header, Buffer.from(' '), file.subarray(headerEnd)]),
    )
    await expectGolden()
  })

  it('reads a folder without subfolders (would catch refusing the layout of the oldest published models)', async () => {
    const flat = join(copy.folder, 'flat')
    await cp(join(copy.folder, 'unet'), flat, { recursive: true })
    await cp(join(copy.folder, 'scheduler/scheduler_config.json'), join(flat, 'scheduler_config.json'))
    await expectGolden(flat)
  })

  it('reads attention weights under their old names (would catch refusing models saved before diffusers 0.15)', async () => {
    const oldNames = { to_q: 'query', to_k: 'key', to_v: 'value', 'to_out.0': 'proj_attn' }
    await copy.changeTensors((tensors) =>
      Object.fromEntries(
        Object.entries(tensors).map(([name, tensor]) => {
          const known = Object.entries(oldNames).find(([newName]) => name.includes(`.${newName}.`))
          return [known ? name.replace(known[0], known[1]) : name, tensor]
        }),
      ),
    )
    await expectGolden()
  })
})

describe('16-bit weights', () => {
  /** Bits of each float32 that the narrower type keeps; its own bits are derived from them by hand. */
  const narrow = {
    F16: { kept: 0xffffe000, smallest: 2 ** -14, bits: halfBits },
    BF16: { kept: 0xffff0000, smallest: 0, bits: (word: number) => word >>> 16 },
  }

  it.each(['F16', 'BF16'] as const)(
    'give exactly the same result as the same numbers in F32: %s (would catch a wrong conversion)',
    async (dtype) => {
      const { kept, smallest, bits } = narrow[dtype]
      const words = (data: Uint8Array) => {
        const floats = new Float32Array(data.buffer).map((value) => (Math.abs(value) < smallest ? 0 : value))
        return new Uint32Array(floats.buffer).map((word) => word & kept)
      }
      const each = (tensors: Tensors, change: (data: Uint8Array) => Tensors[string]['data'], type: string) =>
        Object.fromEntries(
          Object.entries(tensors).map(([name, tensor]) => [
            name,
            { ...tensor, dtype: type, data: change(tensor.data) },
          ]),
        ) as Tensors
      const original = await copy.readTensors()
      await copy.writeTensors(each(original, (data) => new Uint8Array(words(data).buffer), 'F32'))
      const wide = await predict()
      const shorten = (data: Uint8Array) => new Uint8Array(Uint16Array.from(words(data), bits).buffer)
      await copy.writeTensors(each(original, shorten, dtype))
      expect(await predict()).toEqual(wide)
    },
  )
})

/** The upper bits of a float32 that binary16 can hold, with the exponent bias changed from 127 to 15. */
function halfBits(word: number): number {
  const magnitude = word & 0x7fffffff
  return ((word >>> 16) & 0x8000) | (magnitude && (magnitude >>> 13) - ((127 - 15) << 10))
}
