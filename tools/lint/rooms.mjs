/**
 * The rooms of `src/` and what each of them may import. Everything that is not listed is refused: other
 * rooms, external libraries, Node modules. A file that belongs to no room is refused too.
 *
 * Rooms are listed bottom-up, so that no two of them can depend on each other.
 *
 * @typedef {object} Room
 * @property {readonly string[]} [rooms]      rooms it may import, relative to `src/`: a folder covers all
 *   rooms in it, a file only itself
 * @property {readonly string[]} [libraries]  packages it may import
 * @property {boolean} [node]                 whether it may import Node's own modules
 * @property {boolean} [network]              whether these include modules that use a network
 */

const vue = ['vue', '@vueuse/core']
const widgets = ['reka-ui', '@lucide/vue']

/** What the core's rooms build on. */
const numerics = ['core/DomainError.ts', 'core/numbers', 'core/random']

/** What most rooms of the window build on. */
const ground = ['core', 'shared', 'renderer/base']

/** The window's rooms of plain values and functions. */
const plainRooms = [
  'renderer/labels',
  'renderer/pictures',
  'renderer/timeline',
  'renderer/playback',
  'renderer/lab',
  'renderer/export',
]

/** What the engine's rooms build on. */
const cellar = ['core', 'shared', 'files']

/** The engine's rooms, which its handlers combine. */
const engineRooms = [
  'engine/memo',
  'engine/model',
  'engine/job',
  'engine/intake',
  'engine/latent',
  'engine/animation',
  'engine/batch',
  'engine/distance',
  'engine/lab',
  'engine/project',
]

/** @type {Readonly<Record<string, Room>>} A key is a folder below `src/` with its contents, or one file. */
export const rooms = {
  'core/DomainError.ts': {},
  'core/numbers': {},
  'core/random': { rooms: ['core/DomainError.ts'] },
  // Numbers as people read them, also in the sentences of the rooms below.
  'core/format/quantities.ts': {},
  'core/diffusion': { rooms: [...numerics, 'core/format/quantities.ts'] },
  'core/statistics': { rooms: numerics },
  'core/picture': {},
  'core/timeline': { rooms: ['core/DomainError.ts', 'core/numbers', 'core/diffusion'] },
  'core/format': { rooms: ['core/diffusion'], libraries: ['d3-scale', 'd3-shape'] },
  shared: { rooms: ['core'], libraries: ['zod'] },
  files: { rooms: ['core', 'shared'], libraries: ['proper-lockfile', 'zip-stream'], node: true },
  // A child process's end of its port: of the engine, the probe and the download process.
  child: { rooms: ['shared'] },

  'engine/memo': { libraries: ['lru-cache'] },
  'engine/model/weights': { rooms: cellar, libraries: ['yauzl', 'zod'], node: true },
  'engine/model/network': {
    rooms: cellar,
    libraries: ['onnxruntime-node', 'lru-cache', 'p-queue', 'zod'],
    node: true,
  },
  // The only room of the engine that uses a network, and only if the user has named a server.
  'engine/model/server': {
    rooms: [...cellar, 'engine/memo', 'engine/model/network'],
    libraries: ['undici', 'zod'],
    node: true,
  },
  'engine/model/graph': {
    rooms: ['core', 'shared', 'engine/model/weights', 'engine/model/network'],
    libraries: ['@bufbuild/protobuf', 'zod'],
  },
  'engine/model/text': {
    rooms: [...cellar, 'engine/memo', 'engine/model/network', 'engine/model/graph'],
    libraries: ['@huggingface/tokenizers', 'zod'],
    node: true,
  },
  'engine/model/folders': {
    rooms: [
      ...cellar,
      'engine/model/weights',
      'engine/model/network',
      'engine/model/graph',
      'engine/model/text',
    ],
    libraries: ['@bufbuild/protobuf', 'yaml', 'zod'],
    node: true,
  },
  'engine/model/space': { rooms: ['core', 'shared', 'engine/model/network'] },
  'engine/model/denoiser': {
    rooms: [
      ...cellar,
      'engine/model/network',
      'engine/model/graph',
      'engine/model/server',
      'engine/model/folders',
      'engine/model/space',
      'engine/model/text',
    ],
    libraries: ['lru-cache'],
  },
  'engine/job': { rooms: [...cellar, 'engine/memo', 'engine/model'], node: true },
  'engine/intake': {
    rooms: [...cellar, 'engine/memo', 'engine/model', 'engine/job'],
    libraries: ['zod'],
  },
  'engine/image': {
    rooms: [...cellar, 'engine/memo'],
    libraries: ['@napi-rs/canvas', 'heic-decode', 'lru-cache'],
    node: true,
  },
  'engine/latent': {
    rooms: [...cellar, 'engine/memo', 'engine/model', 'engine/image', 'engine/job'],
    libraries: ['zod'],
    node: true,
  },
  'engine/animation': {
    rooms: [...cellar, 'engine/memo', 'engine/model', 'engine/image', 'engine/job', 'engine/latent'],
    libraries: ['lru-cache'],
    node: true,
  },
  'engine/batch': {
    rooms: [...cellar, 'engine/model', 'engine/image', 'engine/job', 'engine/latent', 'engine/animation'],
    libraries: ['zod'],
    node: true,
  },
  'engine/distance': {
    rooms: [...cellar, 'engine/model', 'engine/image', 'engine/job'],
    node: true,
  },
  'engine/lab': {
    rooms: [...cellar, 'engine/model', 'engine/image', 'engine/job', 'engine/latent', 'engine/animation'],
    libraries: ['zod'],
    node: true,
  },
  'engine/project': {
    rooms: [...cellar, 'engine/model', 'engine/image', 'engine/job', 'engine/latent', 'engine/animation'],
    libraries: ['yauzl', 'zod'],
    node: true,
  },
  'engine/probe': {
    rooms: ['core', 'shared', 'child', 'engine/model/network', 'engine/model/graph'],
    libraries: ['zod'],
    node: true,
  },
  'engine/serve.ts': { rooms: ['shared', 'engine/job', 'engine/model'] },
  'engine/handlers.ts': { rooms: [...cellar, ...engineRooms, 'engine/serve.ts'] },
  'engine/process.ts': {
    rooms: ['files', 'child', 'engine/model', 'engine/serve.ts', 'engine/handlers.ts'],
    node: true,
  },

  download: {
    rooms: [...cellar, 'child'],
    libraries: ['undici', 'yauzl', 'zod'],
    node: true,
    network: true,
  },
  host: { rooms: cellar, libraries: ['zod'], node: true },
  cli: { rooms: [...cellar, 'host'], libraries: ['commander'], node: true },
  main: { rooms: ['shared', 'files', 'host'], libraries: ['electron', 'zod'], node: true },
  // The installed app is both the window and the command line.
  'main/commandLine.ts': {
    rooms: ['shared', 'files', 'cli', 'main/utilityEngine.ts'],
    libraries: ['electron'],
    node: true,
  },
  'main/installed.ts': { rooms: ['main/index.ts', 'main/commandArguments.ts', 'main/commandLine.ts'] },
  preload: { rooms: ['shared'], libraries: ['electron'] },

  'renderer/base': { rooms: ['core', 'shared'] },
  'renderer/styles': {},
  'renderer/labels': { rooms: ['core', 'shared'] },
  'renderer/pictures': { rooms: ['core', 'shared', 'renderer/labels'] },
  'renderer/timeline': { rooms: ground },
  'renderer/playback': { rooms: ['core'], libraries: ['lru-cache'] },
  'renderer/lab': { rooms: ['core', 'shared', 'renderer/labels'] },
  'renderer/export': { rooms: ground, libraries: ['mediabunny'] },
  'renderer/kit': { rooms: ground, libraries: [...vue, ...widgets] },
  'renderer/stores': {
    rooms: [...ground, ...plainRooms],
    libraries: [...vue, 'pinia', 'lru-cache'],
  },
  'renderer/actions': {
    rooms: [
      ...ground,
      'renderer/labels',
      'renderer/pictures',
      'renderer/timeline',
      'renderer/lab',
      'renderer/stores',
    ],
    libraries: vue,
  },
  'renderer/composables': {
    rooms: [...ground, 'renderer/labels', 'renderer/stores', 'renderer/actions'],
    libraries: vue,
  },
  'renderer/widgets': {
    rooms: [
      ...ground,
      'renderer/labels',
      'renderer/pictures',
      'renderer/kit',
      'renderer/stores',
      'renderer/actions',
      'renderer/composables',
    ],
    libraries: [...vue, ...widgets],
  },
  'renderer/views': {
    rooms: [
      ...ground,
      ...plainRooms,
      'renderer/kit',
      'renderer/stores',
      'renderer/actions',
      'renderer/composables',
      'renderer/widgets',
      'renderer/styles',
    ],
    libraries: [...vue, ...widgets, 'pinia', 'markdown-it', '@fontsource-variable/inter'],
  },
}

/** Libraries that only one file of their room may import. */
export const homes = {
  'onnxruntime-node': 'engine/model/network/onnx.ts',
}

/** Node's modules that use a network. A room without them cannot send anything off the user's machine. */
export const networkModules = ['dgram', 'dns', 'http', 'http2', 'https', 'inspector', 'net', 'tls']

/** Globals that use a network without an import. */
export const networkGlobals = ['EventSource', 'WebSocket', 'XMLHttpRequest', 'fetch']

/**
 * Files that read by themselves, and not through `files/fileAccess.ts`, which insists on regular files: what they
 * read belongs to this program or to the system, and nobody else can put a pipe there.
 */
export const ownFiles = [
  // Appends to the download that it has begun, and to the journal that it has read.
  'src/download/fetchBlob.ts',
  'src/engine/lab/journal.ts',
  // Caches.
  'src/engine/model/network/optimizedGraphs.ts',
  'src/host/devices/ProbeCache.ts',
  // /proc.
  'src/engine/probe/hardware.ts',
  'src/host/devices/fingerprint.ts',
  'src/host/engineMemory.ts',
  // The app's own settings, log and pages.
  'src/main/JsonFolder.ts',
  'src/main/appFiles.ts',
  'src/main/help/createHelp.ts',
  'src/main/unfinishedStarts.ts',
]
