import { fromFdPromise, type Entry } from 'yauzl'
import { StudioError } from '#shared/errors'
import { readRange, withFile } from '#files/fileAccess'
import { bytesPerElement } from '../dtypes'
import { refuseForeignFile } from '../foreignFile'
import type { TensorEntry } from '../safetensors'
import { torchAdvice, type TorchContent } from './torchAdvice'
import { TorchTensor, torchEnvironment } from './torchTensors'
import { ForbiddenGlobalError, PickleError, UnsupportedContentError, unpickle } from './unpickle'

/** The location of an entry's bytes in the file. */
interface Place {
  readonly begin: number
  readonly length: number
}

/** Far more than the names and shapes of any network need. */
const longestPickle = 64 * 2 ** 20
const mostEntries = 100_000

/** Keys under which checkpoints keep a network; averaged weights first, since sampling uses those. */
const wrappers = [
  'ema',
  'ema_state_dict',
  'model_ema',
  'state_dict',
  'model_state_dict',
  'model',
  'unet',
  'module',
]

/** The start of files written before PyTorch 1.6: a pickled magic number. */
const legacyStart = Buffer.from([0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20])
const zipStart = Buffer.from('PK\x03\x04', 'latin1')

/**
 * Locates the tensors of a PyTorch file without running any pickled code. The file is a zip archive whose
 * `data.pkl` names the tensors and whose `data/` entries hold their numbers, stored as in memory.
 *
 * @param content  what the file is meant to hold: a dictionary of weights, or a latent, which may be a bare
 *   tensor
 * @throws StudioError BAD_MODEL or BAD_LATENT for a file that is damaged, older than PyTorch 1.6, holds tensors of
 *   a kind that is not read, or asks for more than tensors; NOT_FOUND or UNREADABLE
 */
export function readTorchEntries(
  path: string,
  content: TorchContent = 'weights',
): Promise<Map<string, TensorEntry>> {
  const { code, damaged, outdated } = torchAdvice[content]
  return withFile(path, async (file) => {
    const { size } = await file.stat()
    const head = await readRange(file, 0, Math.min(size, 64))
    if (head.indexOf(legacyStart) === 0) throw new StudioError(code, `${path} ${outdated}`)
    if (head.indexOf(zipStart) !== 0) {
      refuseForeignFile(path, head, code)
      throw new StudioError(code, `${path} ${damaged('it is no zip archive')}`)
    }
    try {
      const places = await placesOf(file.fd)
      const [pickle, root] = findPickle(places)
      if (pickle.length > longestPickle)
        throw new PickleError('its list of tensors is longer than any network needs')
      await requireLittleEndian(places.get(`${root}byteorder`), (place) =>
        readRange(file, place.begin, place.length),
      )
      const value = unpickle(await readRange(file, pickle.begin, pickle.length), torchEnvironment)
      return new Map(
        [...tensorsIn(value, content)].map(([name, tensor]) => [name, entryOf(tensor, places, root)]),
      )
    } catch (error) {
      if (error instanceof StudioError) throw error
      throw new StudioError(code, `${path} ${sentenceOf(error as Error, content)}`)
    }
  })
}

/** Says why a file was not read, to follow its path. */
function sentenceOf(error: Error, content: TorchContent): string {
  const { damaged, unread, forbidden } = torchAdvice[content]
  if (error instanceof ForbiddenGlobalError) return forbidden(error.global)
  return error instanceof UnsupportedContentError
    ? unread(error.message, error.plain)
    : damaged(error.message)
}

/** Locates all entries of the archive. Compressed entries are an error, because PyTorch never compresses. */
async function placesOf(fd: number): Promise<Map<string, Place>> {
  // The descriptor belongs to whoever opened the file; closing the archive would close it.
  const archive = await fromFdPromise(fd, { autoClose: false })
  const places = new Map<string, Place>()
  const entries: Entry[] = []
  for await (const entry of archive.eachEntry()) {
    entries.push(entry)
    if (entries.length > mostEntries) throw new PickleError(`it has more than ${mostEntries} entries`)
  }
  for (const entry of entries) {
    if (entry.compressionMethod !== 0) throw new PickleError(`its entry "${entry.fileName}" is compressed`)
    const { fileDataStart } = await archive.readLocalFileHeaderPromise(entry, { minimal: true })
    places.set(entry.fileName, { begin: fileDataStart, length: entry.uncompressedSize })
  }
  return places
}

/** Finds the pickle, and the folder that contains everything in the file, with its slash. */
function findPickle(places: ReadonlyMap<string, Place>): [Place, string] {
  for (const [name, place] of places) {
    if (/^([^/]*\/)?data\.pkl$/.test(name)) return [place, name.slice(0, -'data.pkl'.length)]
  }
  throw new PickleError('it holds no data.pkl')
}

async function requireLittleEndian(
  place: Place | undefined,
  read: (place: Place) => Promise<Buffer>,
): Promise<void> {
  if (place && place.length < 16 && (await read(place)).toString() === 'big') {
    throw new UnsupportedContentError('its numbers are big-endian')
  }
}

/**
 * Finds the dictionary of tensors: the part of a checkpoint that holds a network, or the whole pickle; for a latent,
 * also a bare tensor, or those in lists and in dictionaries of any kind. A few stray tensors, such as the best loss
 * so far or the decay of an average, are no network: the part has at least half as many as the largest. Averaged
 * weights may have a few less than the network, whose buffers are not averaged.
 */
function tensorsIn(value: unknown, content: TorchContent): Map<string, TorchTensor> {
  if (content === 'latent' && value instanceof TorchTensor) return new Map([['tensor', value]])
  const wrapped = value instanceof Map ? wrappers.map((name) => value.get(name) as unknown) : []
  const parts = [...wrapped, value].map(stateDictOf).filter(({ size }) => size > 0)
  const most = Math.max(...parts.map(({ size }) => size))
  const network = parts.find(({ size }) => 2 * size >= most)
  if (network) return network
  if (content === 'weights') throw new UnsupportedContentError('it holds no dictionary of tensors')
  const within = tensorsWithin(value)
  if (within.size > 0) return within
  throw new UnsupportedContentError('it holds no tensor')
}

/** Nobody nests a latent deeper. */
const mostLevels = 8

/** Finds all tensors in lists and dictionaries, which a pickle may also put into themselves. */
function tensorsWithin(value: unknown): Map<string, TorchTensor> {
  const tensors = new Map<string, TorchTensor>()
  const seen = new Set<unknown>()
  let level: [name: string, part: unknown][] = [['', value]]
  for (let depth = 0; depth < mostLevels && level.length > 0; depth++) {
    const inner: typeof level = []
    for (const [name, part] of level) {
      if (part instanceof TorchTensor) tensors.set(name, part)
      if (!(part instanceof Map || Array.isArray(part)) || seen.has(part)) continue
      seen.add(part)
      for (const [key, inside] of part.entries() as Iterable<[unknown, unknown]>)
        inner.push([name === '' ? nameOfKey(key) : `${name}.${nameOfKey(key)}`, inside])
    }
    level = inner
  }
  return tensors
}

function nameOfKey(key: unknown): string {
  return typeof key === 'string' || typeof key === 'number' ? String(key) : '?'
}

function stateDictOf(value: unknown): Map<string, TorchTensor> {
  const tensors = new Map<string, TorchTensor>()
  if (!(value instanceof Map)) return tensors
  for (const [name, tensor] of value as Map<unknown, unknown>) {
    if (typeof name === 'string' && tensor instanceof TorchTensor) tensors.set(name, tensor)
  }
  return tensors
}

function entryOf(tensor: TorchTensor, places: ReadonlyMap<string, Place>, root: string): TensorEntry {
  const { storage, shape, strides, offset } = tensor
  const { dtype, key, elements } = storage
  const place = places.get(`${root}data/${key}`)
  const size = bytesPerElement[dtype]
  if (!place) throw new PickleError(`it lacks its entry data/${key}`)
  if (place.length !== elements * size) {
    throw new PickleError(`its entry data/${key} has ${place.length} bytes, not ${elements * size}`)
  }
  const begin = place.begin + offset * size
  const range = { dtype, shape, begin, end: begin + tensor.span * size }
  return tensor.isContiguous ? range : { ...range, strides }
}
