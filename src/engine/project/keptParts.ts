import { createHash } from 'node:crypto'
import type { ResultStore } from '#files/ContentCache'
import { kindOfKey } from '../job/KeptMemo'
import { decodeSafetensors } from '../model/weights/safetensors'
import type { Archive } from './archive'

/** Where kept results of each kind lie in a project, and how they are known to be whole. */
const kinds = {
  encoding: { folder: 'latents', ending: '.safetensors', isWhole: holdsNumbers },
  roundTrip: { folder: 'latents', ending: '.safetensors', isWhole: holdsNumbers },
  frame: { folder: 'frames', ending: '.png', isWhole: isPng },
  preview: { folder: 'thumbnails', ending: '.png', isWhole: isPng },
} as const

function kindOf(key: string): (typeof kinds)[keyof typeof kinds] | null {
  const kind = kindOfKey(key)
  return kind !== null && Object.hasOwn(kinds, kind) ? kinds[kind as keyof typeof kinds] : null
}

/** The name of the part that holds the result kept under a key; null for a kind that projects do not hold. */
export function partOfKey(key: string): string | null {
  const kind = kindOf(key)
  return kind && `${kind.folder}/${createHash('sha256').update(key).digest('hex')}${kind.ending}`
}

/** Whether bytes can be a result that is kept under this key: a latent of numbers, a picture. */
export function isWholeResult(key: string, bytes: Buffer): boolean {
  return kindOf(key)?.isWhole(bytes) ?? false
}

function holdsNumbers(bytes: Buffer): boolean {
  try {
    const { tensors } = decodeSafetensors(bytes)
    return [...tensors.values()].every(({ data }) => data.every(Number.isFinite))
  } catch {
    return false
  }
}

const pngStart = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

function isPng(bytes: Buffer): boolean {
  return bytes.indexOf(pngStart) === 0
}

/**
 * What is kept on disk, and in the project as it was last saved where the disk has lost it. Remembers what it was asked
 * for and had: all that opening the project again will ask for.
 */
export class ProjectResults implements ResultStore {
  readonly found = new Set<string>()

  constructor(
    private readonly disk: ResultStore | undefined,
    private readonly previous: Archive | null,
  ) {}

  async read(key: string): Promise<Buffer | null> {
    const bytes = (await this.disk?.read(key)) ?? (await this.#readPrevious(key))
    if (bytes) this.found.add(key)
    return bytes
  }

  /** A project holds what is kept; nothing is made for it. */
  write(): Promise<void> {
    return Promise.resolve()
  }

  async #readPrevious(key: string): Promise<Buffer | null> {
    const name = partOfKey(key)
    if (!this.previous || name === null || this.previous.parts[name]?.key !== key) return null
    const bytes = await this.previous.read(name).catch(() => null)
    return bytes && isWholeResult(key, bytes) ? bytes : null
  }
}
