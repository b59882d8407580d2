import { basename, dirname, extname, join } from 'node:path'
import { documentVersion } from '#shared/document'
import { readDocument } from '#shared/readDocument'
import type { ExportOrigin } from '#shared/project'
import { readProvenance } from '../animation/readProvenance'
import type { Pictures } from '../image/Pictures'
import { findFiles } from './findFiles'
import { parseJson } from './parseJson'

type Json = Readonly<Record<string, unknown>>

/**
 * Reconstructs the project that an export came from, from what the export records: model, settings, stops and
 * segments, and the pictures and latent files, which are searched for by content near the export and in other
 * folders. A file that is not found is reported missing but keeps its place.
 *
 * @returns null for a file that this program did not write, or that records no provenance
 * @throws StudioError NOT_FOUND or UNREADABLE
 */
export async function projectOfExport(
  path: string,
  others: readonly string[],
  { pictures, signal }: { pictures: Pictures; signal: AbortSignal },
): Promise<ExportOrigin | null> {
  const carried = await readProvenance(path)
  if (!carried) return null
  const provenance = asObject(parseJson(carried.text))
  if (provenance?.software !== 'Slerp Studio') return null
  const folder = dirname(path)
  // The provenance is untrusted; whatever does not fit is left out, as in any document.
  const { document } = readDocument(documentOf(provenance, folder))
  const found = await findFiles(document, pictures, signal, { folder, others, exact: true })
  return { ...found, kind: carried.kind }
}

function documentOf(provenance: Json, folder: string): Json {
  const { model, decode, target } = provenance
  const library = new Library(folder)
  const sources = listOf(provenance.sources ?? provenance.stops).map(asObject)
  const stops = sources.map((source) => library.add(source ?? {}))
  const { kind, segments, pinned } = asObject(provenance.plan) ?? {}
  const { id, sha256 } = asObject(model) ?? {}
  const { fps, repeat } = asObject(target) ?? {}
  return {
    format: 'slerp-studio',
    version: documentVersion,
    model: { name: id, sha256 },
    pictures: library.pictures,
    latents: library.latents,
    timeline: {
      ...(kind === 'path' && { stops: stops.map((source, at) => ({ id: `stop-${at}`, source })), segments }),
      pinned,
      fps,
      // A file can play forth and back once; the window's player cannot.
      repeat: repeat === 'ping-pong-once' ? 'ping-pong' : repeat,
    },
    ...(library.encode && { encode: library.encode }),
    decode,
  }
}

/** The items of a document built from an export's sources; equal sources become one item. */
class Library {
  readonly pictures: Json[] = []
  readonly latents: Json[] = []
  /** How pictures were encoded; the same for all pictures of one export. */
  encode: Json | null = null
  readonly #ids = new Map<string, string>()

  /** @param folder  where files are searched for first: that of the export */
  constructor(private readonly folder: string) {}

  /** @returns the item's id */
  add(source: Json): string {
    const known = JSON.stringify(source)
    const id = this.#ids.get(known) ?? `item-${this.#ids.size}`
    if (!this.#ids.has(known)) {
      this.#ids.set(known, id)
      this.#put(id, source)
    }
    return id
  }

  #put(id: string, source: Json): void {
    // Exports of version 0.1 record only a stop's file and seed.
    const picture = asObject(source.picture) ?? asObject(source.source)
    if (picture) return this.#putPicture(id, picture, source)
    const { kind, seed, name, sha256, parts, endTimestep, class: classIndex } = source
    if (typeof seed === 'number' && (kind ?? 'seed') === 'seed') {
      this.latents.push({ id, kind: 'seed', name: `Seed ${seed}`, seed, endTimestep, class: classIndex })
    } else if (kind === 'file') {
      const file = { path: this.#placeOf(name), sha256, endTimestep, class: classIndex }
      this.latents.push({ id, kind, name: titleOf(name), ...file })
    } else if (kind === 'mix') {
      const mixed = listOf(parts).map((part) => {
        const { latent, weight } = asObject(part) ?? {}
        return { source: this.add(asObject(latent) ?? {}), weight }
      })
      this.latents.push({ id, kind, name: 'Mix', parts: mixed })
    } else
      this.latents.push({ ...source, id, name: 'Latent', kind: typeof kind === 'string' ? kind : 'other' })
  }

  #putPicture(id: string, { name, sha256, bytes, fit }: Json, source: Json): void {
    const { restandardise, class: classIndex } = source
    this.encode ??= asObject(source.encode)
    const info = { path: this.#placeOf(name), name, sha256, bytes }
    this.pictures.push({ id, name: titleOf(name), info, fit, restandardise, class: classIndex })
  }

  /**
   * Returns the path of a file next to the export. Only the base name is used, so a name cannot
   * lead elsewhere.
   */
  #placeOf(name: unknown): string {
    return typeof name === 'string' && name !== '' ? join(this.folder, basename(name)) : ''
  }
}

/** Returns a file's name without its extension. */
function titleOf(name: unknown): string | undefined {
  return typeof name === 'string' ? basename(name, extname(name)) : undefined
}

function asObject(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
