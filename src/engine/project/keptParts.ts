import type { ResultStore } from '#files/ContentCache'
import { sha256Of } from '#files/sha256'
import { isIntactPng } from '../image/wholePng'
import { readKeptKey } from '../job/KeptMemo'
import { decodeSafetensors } from '../model/weights/safetensors'
import type { Archive } from './archive'

/** Where a project stores results of each kind, and how to check that they are intact. */
const kinds = {
  encoding: { folder: 'latents', ending: '.safetensors', isWhole: holdsNumbers },
  roundTrip: { folder: 'latents', ending: '.safetensors', isWhole: holdsNumbers },
  frame: { folder: 'frames', ending: '.png', isWhole: isIntactPng },
  preview: { folder: 'thumbnails', ending: '.png', isWhole: isIntactPng },
} as const

/** The kinds of results that projects contain. */
export type PartKind = keyof typeof kinds

/** Identifies what a part is a result of, the same on every machine. */
export interface PartKey {
  readonly kind: PartKind
  readonly name: string
}

/** Formats the key of a part as in `hashes.json`. */
export function writePartKey({ kind, name }: PartKey): string {
  return JSON.stringify([kind, name])
}

/** Parses the key of a part; returns null if it is invalid. */
export function readPartKey(text: string): PartKey | null {
  try {
    const [kind, name] = JSON.parse(text) as unknown[]
    return isPartKind(kind) && typeof name === 'string' ? { kind, name } : null
  } catch {
    return null
  }
}

function isPartKind(kind: unknown): kind is PartKind {
  return typeof kind === 'string' && Object.hasOwn(kinds, kind)
}

/** Returns the name of the part that contains a result. */
export function partNameOf(key: PartKey): string {
  const { folder, ending } = kinds[key.kind]
  return `${folder}/${sha256Of(writePartKey(key))}${ending}`
}

/** Whether bytes can be a result of this kind: a latent of finite numbers, or an intact PNG. */
export function isWholeResult({ kind }: PartKey, bytes: Buffer): boolean {
  return kinds[kind].isWhole(bytes)
}

function holdsNumbers(bytes: Buffer): boolean {
  try {
    const { tensors } = decodeSafetensors(bytes)
    return [...tensors.values()].every(({ data }) => data.every(Number.isFinite))
  } catch {
    return false
  }
}

/** Reads a result from a project; returns null if it is missing or damaged. */
export async function readResult(archive: Archive, key: PartKey): Promise<Buffer | null> {
  const name = partNameOf(key)
  if (archive.parts[name]?.key !== writePartKey(key)) return null
  const bytes = await archive.read(name).catch(() => null)
  return bytes && isWholeResult(key, bytes) ? bytes : null
}

/** Looks up a result in one place when saving; returns null if it is not there. */
export type FindResult = (key: PartKey, by: string) => Promise<Buffer | null>

/**
 * A read-only store over several places. Remembers every result that was requested and found, which is
 * everything that opening the project again will request.
 */
export class ProjectResults implements ResultStore {
  /** The results by the names of their parts. */
  readonly found = new Map<string, { readonly key: PartKey; read(): Promise<Buffer | null> }>()

  /** @param places  tried in order */
  constructor(private readonly places: readonly FindResult[]) {}

  async read(text: string): Promise<Buffer | null> {
    const asked = readKeptKey(text)
    if (asked === null || !isPartKind(asked.kind)) return null
    const key = { kind: asked.kind, name: asked.name }
    for (const place of this.places) {
      const read = () => place(key, asked.by)
      const bytes = await read()
      if (!bytes) continue
      const name = partNameOf(key)
      if (!this.found.has(name)) this.found.set(name, { key, read })
      return bytes
    }
    return null
  }

  /** Does nothing: a project stores what is cached, and computes nothing. */
  write(): Promise<void> {
    return Promise.resolve()
  }
}
