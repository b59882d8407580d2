import { preferredSet } from '#shared/numberedShards'

/**
 * Selects the files of a repository that make up a model: configurations, the card, and one set of weights
 * per network. Leaves out other formats of these weights, single-file checkpoints, training states, pictures.
 *
 * @param paths  relative to the repository, with slashes
 * @returns null if none of them is a diffusion network
 */
export function chooseFiles(paths: readonly string[]): string[] | null {
  const folders = byFolder(paths)
  // The top folder counts only with a scheduler: many repositories have a configuration and weights there.
  const places = paths.some((path) => schedules.includes(path)) ? [...networkFolders, ''] : networkFolders
  const networks = places.filter((folder) => chooseWeights(folders.get(folder) ?? []).length > 0)
  if (networks.length === 0) return null
  const isWhole = autoencoders.some((folder) => chooseTensors(folders.get(folder) ?? []).length > 0)
  const wanted = new Set([...networks.slice(0, 1), ...besides, ...(isWhole ? [] : exportedAutoencoder)])
  return [...folders].flatMap(([folder, files]) => {
    if (folder === '') return chooseAtTop(files, networks[0] === '')
    return wanted.has(folder) ? [...files.filter(isConfiguration), ...chooseWeights(files)] : []
  })
}

/** Folders of the network, in order of preference; the oldest published models have just one folder. */
const networkFolders = ['unet', 'unet_ema']
const schedules = ['scheduler_config.json', 'scheduler/scheduler_config.json']

const autoencoders = ['vae', 'vqvae']
/** An autoencoder as two graphs, which are used only without its weights. */
const exportedAutoencoder = ['vae_encoder', 'vae_decoder']

/** The other parts that a latent-diffusion model needs. */
const besides = ['scheduler', ...autoencoders, 'text_encoder', 'text_encoder_2', 'tokenizer', 'tokenizer_2']

function chooseAtTop(files: readonly string[], isNetwork: boolean): string[] {
  const described = files.filter((file) =>
    /^(README\.md|(model_index|scheduler_config|config)\.json)$/.test(file),
  )
  return isNetwork ? [...described, ...chooseWeights(files)] : described
}

function byFolder(paths: readonly string[]): Map<string, string[]> {
  const folders = new Map<string, string[]>()
  for (const path of paths) folders.set(folderOf(path), [...(folders.get(folderOf(path)) ?? []), path])
  return folders
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Whether a file in a part's folder is a configuration, or a tokenizer's vocabulary or merges. */
function isConfiguration(path: string): boolean {
  return /\.(json|txt)$/.test(path) && !/\.index(\.\w+)?\.json$/.test(path)
}

/** File names of weights, in order of preference; they may contain a variant such as `.fp16.`. */
const stem = '(?:diffusion_pytorch_model|model|pytorch_model)'
const kinds = [
  { whole: new RegExp(`^${stem}(\\.\\w+)?\\.safetensors$`), shard: 'safetensors' },
  { whole: new RegExp(`^${stem}(\\.\\w+)?\\.bin$`), shard: 'bin' },
]

/** Names without a variant. */
const plainName = new RegExp(`^${stem}\\.(safetensors|bin)(\\.index\\.json)?$`)
const plainShard = new RegExp(`^${stem}-\\d+-of-\\d+\\.(safetensors|bin)$`)

/** Returns one set of weights from a folder, or else the graphs in it. */
function chooseWeights(files: readonly string[]): string[] {
  const tensors = chooseTensors(files)
  if (tensors.length > 0 || !files.some((file) => file.endsWith('.onnx'))) return tensors
  return files.filter((file) => /\.(onnx|onnx[._]data|pb)$/.test(file))
}

/**
 * Returns one set of weights: full precision before variants, files that a pipeline reads before shards without
 * an index, safetensors before PyTorch's own format, and whole files before shards.
 */
function chooseTensors(files: readonly string[]): string[] {
  const ways = [
    () => chooseNamed(files.filter(isPlain), files),
    () => chooseNumbered(files.filter((path) => plainShard.test(nameOf(path)))),
    () => chooseNamed(files, files),
    () => chooseNumbered(files),
  ]
  for (const choose of ways) {
    const chosen = choose()
    if (chosen.length > 0) return chosen
  }
  return []
}

function isPlain(path: string): boolean {
  return plainName.test(nameOf(path))
}

/** Returns a whole file of these, or an index with its shards. */
function chooseNamed(candidates: readonly string[], files: readonly string[]): string[] {
  for (const { whole, shard } of kinds) {
    const file = shortest(candidates.filter((path) => whole.test(nameOf(path))))
    const index = shortest(candidates.filter((path) => isIndex(nameOf(path), shard)))
    if (index !== null && !(file !== null && isPlain(file))) {
      return [index, ...files.filter((path) => isShardOf(path, index, shard))]
    }
    if (file !== null) return [file]
  }
  return []
}

/** Returns a set of numbered shards of which none is missing. */
function chooseNumbered(files: readonly string[]): string[] {
  const isNumbered = (name: string) => kinds.some(({ shard }) => numberedName(shard).test(name))
  const set = preferredSet(files.map(nameOf).filter(isNumbered))
  return set?.missing.length === 0 ? files.filter((path) => set.names.includes(nameOf(path))) : []
}

function isIndex(name: string, kind: string): boolean {
  return new RegExp(`^${stem}(\\.\\w+)?\\.${kind}\\.index(\\.\\w+)?\\.json$`).test(name)
}

/** Shards are numbered, and shards of a variant carry its name as their index does. */
function isShardOf(path: string, index: string, kind: string): boolean {
  const variant =
    /\.index\.(\w+)\.json$/.exec(index)?.[1] ?? /model\.(\w+)\.\w+\.index\.json$/.exec(index)?.[1]
  const numbered = numberedName(kind).exec(nameOf(path))
  return numbered !== null && (numbered[1] ?? numbered[2]) === variant
}

function numberedName(kind: string): RegExp {
  return new RegExp(`^${stem}(?:\\.(\\w+))?-\\d+-of-\\d+(?:\\.(\\w+))?\\.${kind}$`)
}

function shortest(paths: readonly string[]): string | null {
  return [...paths].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0] ?? null
}
