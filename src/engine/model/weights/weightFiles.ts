import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { StudioError } from '#shared/errors'
import { explained } from '#files/fileErrors'
import { readJson } from '#files/fileAccess'
import { readSafetensorsHeader, type TensorEntry } from './safetensors'

/** One tensor of a network, and the file it lies in. */
export interface WeightEntry extends TensorEntry {
  readonly file: string
}

const wholeName = /^diffusion_pytorch_model(\.\w+)?\.safetensors$/
const indexName = /^diffusion_pytorch_model\.safetensors\.index(\.\w+)?\.json$/
const pickleName = /\.(bin|pt|pth|ckpt|pkl)$/
const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) })

/**
 * Finds the safetensors files that hold a network's weights, in an order that is always the same: the one whole file,
 * else the shards that an index names, else a whole file of a variant such as `.fp16.`.
 *
 * @param folder  the one that config.json is in
 * @throws StudioError BAD_MODEL when there are none, saying how to convert what is there instead
 */
export async function findWeightFiles(folder: string): Promise<string[]> {
  const names = (await explained(folder, 'read', () => readdir(folder))).sort()
  const whole = names.filter((name) => wholeName.test(name)).sort((a, b) => a.length - b.length)
  const index = names.find((name) => indexName.test(name))
  if (index && whole[0] !== 'diffusion_pytorch_model.safetensors') return shardsOf(folder, index)
  if (whole.length > 0) return [join(folder, whole[0])]
  const pickle = names.find((name) => pickleName.test(name))
  const reason = pickle
    ? `only ${pickle}, a pickle checkpoint, which can run code when loaded. Convert it once in Python: load the model with diffusers and save it with save_pretrained(folder, safe_serialization=True)`
    : 'no diffusion_pytorch_model.safetensors'
  throw new StudioError('BAD_MODEL', `The folder ${folder} holds ${reason}.`)
}

/**
 * The tensors of all files together, from their headers; the weights themselves are not read.
 *
 * @throws StudioError BAD_MODEL for a damaged file, or a tensor that two files hold
 */
export async function readWeightEntries(files: readonly string[]): Promise<Map<string, WeightEntry>> {
  const entries = new Map<string, WeightEntry>()
  for (const file of files) {
    const { tensors } = await readSafetensorsHeader(file)
    for (const [name, entry] of tensors) {
      const other = entries.get(name)
      if (other) throw new StudioError('BAD_MODEL', `Both ${other.file} and ${file} hold tensor "${name}".`)
      entries.set(name, { ...entry, file })
    }
  }
  return entries
}

async function shardsOf(folder: string, index: string): Promise<string[]> {
  const path = join(folder, index)
  const parsed = indexSchema.safeParse(await readJson(path))
  if (!parsed.success) throw new StudioError('BAD_MODEL', `${path} has no "weight_map" of file names.`)
  const shards = [...new Set(Object.values(parsed.data.weight_map))].sort()
  const outside = shards.find((shard) => shard !== basename(shard))
  if (outside)
    throw new StudioError('BAD_MODEL', `${path} names "${outside}", which is not a plain file name.`)
  return shards.map((shard) => join(folder, shard))
}
