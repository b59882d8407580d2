import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { StudioError } from '#shared/errors'
import { lackOf, preferredSet, shardSetOf, type ShardSet } from '#shared/numberedShards'
import { explained } from '#files/fileErrors'
import { readJson } from '#files/fileAccess'
import { readSafetensorsHeader, type TensorEntry } from './safetensors'
import { readTorchEntries } from './torch/torchFile'

/** One tensor of a network, and the file that holds it. */
export interface WeightEntry extends TensorEntry {
  readonly file: string
}

/** Kinds of weight files, in order of preference. */
const kinds = ['safetensors', 'bin'] as const
type Kind = (typeof kinds)[number]

/** The names that diffusers gives whole files, and transformers those of text encoders. */
const baseName = '(diffusion_pytorch_model|pytorch_model|model)'
/** Names without a variant such as `.fp16.` or `.non_ema.`. */
const plainName = new RegExp(`^${baseName}\\.(${kinds.join('|')})(\\.index\\.json)?$`)
const plainShard = new RegExp(`^${baseName}-\\d+-of-\\d+\\.(${kinds.join('|')})$`)
const safetensorsName = /\.safetensors$/i
const torchName = /\.(bin|pt|pth|ckpt)$/i
/** The weights of OpenVINO, compiled for its runtime. */
const openvinoName = /^openvino_.*\.(bin|xml)$/i
const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) })

/**
 * Finds the files that hold a network's weights, in a fixed order. Like diffusers, it takes files without a
 * variant: safetensors, else PyTorch's own; of each kind, the single whole file, else the shards that an index
 * names. Without those it takes complete numbered shards, which need no index, and only then a variant such as
 * `.fp16.`. A single weight file under another name is accepted too.
 *
 * @param folder  the one that holds config.json
 * @throws StudioError BAD_MODEL if there are none, or a set of shards is not complete; UNSUPPORTED if there are
 *   only weights that were compiled for OpenVINO
 */
export async function findWeightFiles(folder: string): Promise<string[]> {
  const names = (await explained(folder, 'read', () => readdir(folder))).sort()
  const plainNames = names.filter((name) => plainName.test(name))
  const plain = await namedFiles(folder, plainNames)
  if (plain) return plain
  const plainShards = preferredSet(names.filter((name) => plainShard.test(name)))
  if (plainShards?.missing.length === 0) return filesOfSet(folder, plainShards)
  const variant = await namedFiles(folder, names)
  if (variant) return variant
  const others = names.filter(isWeightFile)
  const shards = preferredSet(others)
  if (shards) return filesOfSet(folder, shards)
  if (others.length === 1) return [join(folder, others[0])]
  throw noWeights(folder, names, others)
}

/** Returns a whole file of the first kind that has one of these names, or the shards of an index. */
async function namedFiles(folder: string, names: readonly string[]): Promise<string[] | null> {
  for (const kind of kinds) {
    const files = await filesOfKind(folder, names, kind)
    if (files) return files
  }
  return null
}

function noWeights(folder: string, names: readonly string[], others: readonly string[]): StudioError {
  if (others.length === 0 && names.some((name) => openvinoName.test(name))) {
    const sentence = `The folder ${folder} holds a network compiled for OpenVINO: choose the model it was made from.`
    return new StudioError('UNSUPPORTED', sentence)
  }
  const reason =
    others.length > 1
      ? `holds several files of weights (${others.join(', ')}): keep one of them there, or choose it by its path`
      : `holds no weights: put diffusion_pytorch_model.safetensors or diffusion_pytorch_model.bin there`
  return new StudioError('BAD_MODEL', `The folder ${folder} ${reason}.`)
}

/**
 * Returns a file of weights that was chosen by its path, with all shards of its set.
 *
 * @throws StudioError BAD_MODEL if the set is not complete
 */
export async function filesOfWeights(file: string): Promise<string[]> {
  const folder = dirname(file)
  const set = shardSetOf(basename(file), await explained(folder, 'read', () => readdir(folder)))
  return set ? filesOfSet(folder, set) : [file]
}

/** @throws StudioError BAD_MODEL if the set is not complete */
function filesOfSet(folder: string, set: ShardSet): string[] {
  if (set.missing.length > 0) throw new StudioError('BAD_MODEL', `The folder ${folder} ${lackOf(set)}.`)
  return set.names.map((shard) => join(folder, shard))
}

/** Returns whether a file holds weights, by its name. */
export function isWeightFile(name: string): boolean {
  return safetensorsName.test(name) || (torchName.test(name) && !openvinoName.test(name))
}

/**
 * Returns whether a folder holds weights by the names that diffusers and transformers give them: a whole file,
 * an index, or all numbered shards of a set.
 */
export function holdsWeights(names: readonly string[]): boolean {
  const isWhole = (name: string) => shardSetOf(name, names)?.missing.length === 0
  return kinds.some((kind) =>
    names.some(
      (name) =>
        wholeName(kind).test(name) ||
        indexName(kind).test(name) ||
        (shardName(kind).test(name) && isWhole(name)),
    ),
  )
}

function wholeName(kind: Kind): RegExp {
  return new RegExp(`^${baseName}(\\.\\w+)?\\.${kind}$`)
}

/** The variant comes before the number in diffusers, and behind it in transformers. */
function shardName(kind: Kind): RegExp {
  return new RegExp(`^${baseName}(\\.\\w+)?-\\d+-of-\\d+(\\.\\w+)?\\.${kind}$`)
}

/** diffusers used to put the variant before the extension; now it comes after "index". */
function indexName(kind: Kind): RegExp {
  return new RegExp(`^${baseName}(\\.\\w+)?\\.${kind}\\.index(\\.\\w+)?\\.json$`)
}

async function filesOfKind(folder: string, names: readonly string[], kind: Kind): Promise<string[] | null> {
  const whole = names.filter((name) => wholeName(kind).test(name)).sort((a, b) => a.length - b.length)
  const index = names.filter((name) => indexName(kind).test(name)).sort((a, b) => a.length - b.length)
  if (index.length > 0 && !plainName.test(whole[0] ?? '')) return shardsOf(folder, index[0])
  return whole.length > 0 ? [join(folder, whole[0])] : null
}

/**
 * Reads the headers of all files and merges their tensors; the weights themselves are not read. A prefix
 * shared by all names, such as `_orig_mod.` of torch.compile or `module.` of parallel training, is removed.
 *
 * @throws StudioError BAD_MODEL for a damaged file, or a tensor that two files hold
 */
export async function readWeightEntries(files: readonly string[]): Promise<Map<string, WeightEntry>> {
  const entries = new Map<string, WeightEntry>()
  for (const file of files) {
    const tensors = await entriesOf(file)
    for (const [name, entry] of tensors) {
      const other = entries.get(name)
      if (other)
        throw new StudioError(
          'BAD_MODEL',
          `Both ${other.file} and ${file} hold tensor "${name}": keep only the files of one network there.`,
        )
      entries.set(name, { ...entry, file })
    }
  }
  return withoutSharedPrefix(entries)
}

/** Removes a shared prefix. No network has all its tensors in one module, so the prefix says nothing. */
function withoutSharedPrefix<T>(entries: Map<string, T>): Map<string, T> {
  const [first] = entries.keys()
  const end = (first ?? '').indexOf('.') + 1
  const prefix = (first ?? '').slice(0, end)
  if (end === 0 || ![...entries.keys()].every((name) => name.startsWith(prefix))) return entries
  return withoutSharedPrefix(new Map([...entries].map(([name, entry]) => [name.slice(end), entry])))
}

async function entriesOf(file: string): Promise<ReadonlyMap<string, TensorEntry>> {
  return torchName.test(file) ? readTorchEntries(file) : (await readSafetensorsHeader(file)).tensors
}

async function shardsOf(folder: string, index: string): Promise<string[]> {
  const path = join(folder, index)
  const parsed = indexSchema.safeParse(await readJson(path, 'BAD_MODEL'))
  if (!parsed.success)
    throw new StudioError('BAD_MODEL', `${path} has no "weight_map" of file names: download it again.`)
  const shards = [...new Set(Object.values(parsed.data.weight_map))].sort()
  const outside = shards.find((shard) => shard !== basename(shard))
  if (outside)
    throw new StudioError(
      'BAD_MODEL',
      `${path} names "${outside}", which is not a plain file name: download it again.`,
    )
  return shards.map((shard) => join(folder, shard))
}
