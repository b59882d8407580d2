import { basename, dirname, extname, join } from 'node:path'
import { z } from 'zod'
import { samplePlan, sourceOfSample } from '#shared/batch'
import { documentLimits, documentVersion } from '#shared/document'
import { asList, asObject, type JsonObject } from '#shared/json'
import { readDocument } from '#shared/readDocument'
import type { ExportOrigin } from '#shared/project'
import { readProvenance } from '../animation/readProvenance'
import type { Pictures } from '../image/Pictures'
import { findFiles } from './findFiles'
import { parseJson } from './parseJson'

/** The number of classes of the model that made an export; null if that is not recorded. */
const classCount = z.int().min(1).nullable().catch(null)

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
  const { json, shown, leftOut } = documentOf(provenance, folder)
  const { document, problems } = readDocument(json)
  const found = await findFiles(document, pictures, signal, { folder, others, exact: true })
  return { ...found, kind: carried.kind, shown, problems: [...leftOut, ...problems, ...found.problems] }
}

/** The document that the provenance of an export describes. */
interface DocumentOfExport {
  readonly json: JsonObject
  /** The number of items that it shows, which may be parts of others too. */
  readonly shown: number
  /** What a document cannot hold of the export, one sentence each. */
  readonly leftOut: readonly string[]
}

function documentOf(provenance: JsonObject, folder: string): DocumentOfExport {
  const { model, reading, decode, target } = provenance
  const { kind, segments, pinned } = asObject(provenance.plan) ?? {}
  const library = new Library(folder)
  const samples = samplesOf(provenance)
  const recorded = asList(provenance.sources ?? provenance.stops).map((source) => asObject(source) ?? {})
  const sources = samples?.sources ?? recorded
  const stops = sources.map((source, at) => ({
    id: `stop-${at}`,
    source: library.add(source),
    prompt: promptOfStop(source),
  }))
  const { id, sha256 } = asObject(model) ?? {}
  const { fps, repeat, range } = asObject(target) ?? {}
  const encode = library.encodeSettings()
  const json = {
    format: 'slerp-studio',
    version: documentVersion,
    model: { name: id, sha256, ...(reading !== undefined && { reading }) },
    pictures: library.pictures,
    latents: library.latents,
    timeline: {
      ...(kind === 'path' && { stops, segments, workArea: range }),
      pinned,
      fps,
      // A file can play forth and back once; the window's player cannot.
      repeat: repeat === 'ping-pong-once' ? 'ping-pong' : repeat,
    },
    ...(encode && { encode }),
    decode,
  }
  const unplaced = kind === 'path' ? [] : stops.flatMap(({ prompt }) => prompt ?? [])
  const problems = [...(samples?.problems ?? []), ...library.problems()]
  const shown = new Set(stops.map(({ source }) => source)).size
  return { json, shown, leftOut: [...problems, ...new Set(unplaced.map(describeUnplaced))] }
}

/** Returns the sources of samples that are not recorded one by one; null if the export has none of these. */
function samplesOf(provenance: JsonObject): { sources: JsonObject[]; problems: readonly string[] } | null {
  const { data: plan } = samplePlan.safeParse(provenance.plan)
  if (!plan) return null
  const classes = classCount.parse(provenance.classes)
  const { latents: most } = documentLimits
  const count = Math.min(plan.count, most)
  const sources = Array.from({ length: count }, (_, i) => ({ ...sourceOfSample(plan, i, classes) }))
  const rest = `Of ${plan.count} samples, the first ${most} are in the project: it holds no more latents.`
  const unclassed =
    'The classes of the samples were left out: the export gives them all classes in turn, and not how many there are.'
  const isUnclassed = plan.balanced && classes === null
  return { sources, problems: [...(plan.count > most ? [rest] : []), ...(isUnclassed ? [unclassed] : [])] }
}

function describeUnplaced(prompt: string): string {
  return `The prompt “${prompt}” was left out: it belongs to a stop, and this export is no film.`
}

/**
 * Returns the prompt of the stop that was recorded with this source: the one that its picture is decoded with, if
 * that is recorded apart from the one that it was encoded with.
 */
function promptOfStop(source: JsonObject): string | undefined {
  const { picture, prompt, sourcePrompt } = source
  if (asObject(picture) && typeof sourcePrompt === 'string') return typeof prompt === 'string' ? prompt : ''
  return partsOf(source)
    .map(promptOfStop)
    .find((found) => found !== undefined)
}

/** Returns what a source is made from; nothing if it is not composed. */
function partsOf({ around, from, plus, minus, of, parts }: JsonObject): JsonObject[] {
  const mixed = asList(parts).map((part) => asObject(part)?.latent)
  const found = [around, from, ...[plus, minus, of].flatMap(asList), ...mixed]
  return found.map(asObject).filter((part) => part !== null)
}

/** The items of a document built from an export's sources; equal items become one. */
class Library {
  readonly pictures: JsonObject[] = []
  readonly latents: JsonObject[] = []
  /** How pictures were encoded; the same for all pictures of one export. */
  #encode: JsonObject | null = null
  /** The end timestep of the settings, which files that state none are taken to be at. */
  #assumedTimestep: unknown
  readonly #unknown = new Set<string>()
  /** The latents with each negative prompt: their titles by their ids. */
  readonly #negatives = new Map<string, Map<string, string>>()
  readonly #ids = new Map<string, string>()

  /** @param folder  where files are searched for first: that of the export */
  constructor(private readonly folder: string) {}

  /**
   * Adds the item of a source, after the items that it is made from.
   *
   * @returns the item's id
   */
  add(source: JsonObject): string {
    // Exports of version 0.1 record only a stop's file and seed.
    const picture = asObject(source.picture) ?? asObject(source.source)
    const item = picture ? this.#pictureOf(picture, source) : this.#latentOf(source)
    const known = JSON.stringify(item)
    const id = this.#ids.get(known) ?? `item-${this.#ids.size}`
    if (!picture) this.#noteNegative(source, id)
    if (!this.#ids.has(known)) {
      this.#ids.set(known, id)
      const items = picture ? this.pictures : this.latents
      items.push({ ...item, id })
    }
    return id
  }

  /** Returns the encoding settings as far as the export records them; null if it records none. */
  encodeSettings(): JsonObject | null {
    if (this.#encode !== null || this.#assumedTimestep === undefined) return this.#encode
    return { endTimestep: this.#assumedTimestep }
  }

  /** Says what a document cannot hold, one sentence each. */
  problems(): string[] {
    const negatives = [...this.#negatives].map(([prompt, titles]) => {
      const whose = titles.size === 1 ? [...titles.values()][0] : `${titles.size} latents`
      return `The negative prompt “${prompt}” of ${whose} was left out: a project holds none.`
    })
    return [...this.#unknown, ...negatives]
  }

  /** The item keeps the prompt that the picture is encoded with; a stop has the one it is decoded with. */
  #pictureOf({ name, sha256, bytes, fit }: JsonObject, source: JsonObject): JsonObject {
    const { restandardise, class: classIndex, prompt, sourcePrompt = prompt } = source
    this.#encode ??= asObject(source.encode)
    const info = { path: this.#placeOf(name), name, sha256, bytes }
    return { name: titleOf(name), info, fit, restandardise, class: classIndex, prompt: sourcePrompt }
  }

  #latentOf(source: JsonObject): JsonObject {
    const { kind, seed, name, sha256, endTimestep, class: classIndex, prompt } = source
    const own = { endTimestep, class: classIndex, prompt }
    if (isSeed(source)) return { kind: 'seed', name: `Seed ${String(seed)}`, seed, ...own }
    if (kind !== 'file') return this.#composedOf(source)
    this.#assumedTimestep ??= source.assumedTimestep
    return { kind, name: titleOf(name), path: this.#placeOf(name), sha256, ...own }
  }

  #composedOf(source: JsonObject): JsonObject {
    const { kind, parts, from, plus, minus, of, around, component, strength, seed, angle, turn } = source
    const one = (part: unknown): string => this.add(asObject(part) ?? {})
    const all = (group: unknown): string[] => asList(group).map(one)
    switch (kind) {
      case 'mix': {
        const mixed = asList(parts).map((part) => {
          const { latent, weight } = asObject(part) ?? {}
          return { source: one(latent), weight }
        })
        return { kind, name: 'Mix', parts: mixed }
      }
      case 'direction':
        return { kind, name: 'Direction', from: one(from), plus: all(plus), minus: all(minus), strength }
      case 'principal':
        return { kind, name: 'Principal direction', from: one(from), of: all(of), component, strength }
      case 'walk':
        return { kind, name: 'Walk', around: one(around), seed, angle, turn }
      default:
        return this.#unknownOf(source)
    }
  }

  #unknownOf(source: JsonObject): JsonObject {
    const kind = typeof source.kind === 'string' ? source.kind : 'other'
    this.#unknown.add(`A latent of the kind “${kind}” is unknown to this version: only its place was kept.`)
    return { ...source, name: 'Latent', kind }
  }

  /** A document has no negative prompts: only the command line takes them. */
  #noteNegative(source: JsonObject, id: string): void {
    const { kind, seed, name, sourcePrompt: prompt } = source
    // Seeds have an empty one anyway; that of a file replaces the file's own.
    const isLeftOut = isSeed(source) ? prompt !== '' : kind === 'file'
    if (typeof prompt !== 'string' || !isLeftOut) return
    const title = isSeed(source) ? `Seed ${String(seed)}` : `“${String(name)}”`
    const titles = this.#negatives.get(prompt) ?? new Map<string, string>()
    this.#negatives.set(prompt, titles.set(id, title))
  }

  /**
   * Returns the path of a file next to the export. Only the base name is used, so a name cannot
   * lead elsewhere.
   */
  #placeOf(name: unknown): string {
    return typeof name === 'string' && name !== '' ? join(this.folder, basename(name)) : ''
  }
}

/** Whether a source is a seed. Exports of version 0.1 record no kind. */
function isSeed({ kind, seed }: JsonObject): boolean {
  return typeof seed === 'number' && (kind ?? 'seed') === 'seed'
}

/** Returns a file's name without its extension. */
function titleOf(name: unknown): string | undefined {
  return typeof name === 'string' ? basename(name, extname(name)) : undefined
}
