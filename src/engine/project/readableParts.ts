import { formatBytes } from '#core/format/quantities'
import { StudioError } from '#shared/errors'
import { hashesName, mostBytesOf, mostParts } from './archive'

/** One part of a project file that is being written. */
export interface NewPart {
  readonly name: string
  readonly bytes: Buffer
  /** For a cached result, its key. */
  readonly key?: string
}

/** Room in `hashes.json` for the document, which is written after the results, in bytes. */
const hashRoom = 1024

/**
 * Leaves out parts whose name occurred before, and results that would make the file too large to be read.
 *
 * @throws StudioError BAD_INPUT for anything else that is too large to be read
 */
export async function* readableParts(path: string, parts: AsyncIterable<NewPart>): AsyncGenerator<NewPart> {
  const names = new Set<string>()
  let hashBytes = hashRoom
  for await (const part of parts) {
    if (names.has(part.name)) continue
    const more = hashBytesOf(part)
    const fits = part.bytes.length <= mostBytesOf(part.name)
    if (part.key === undefined && !fits) throw tooLarge(path, part)
    // Besides this part, there are the document and `hashes.json` itself.
    const hasRoom = names.size + 3 <= mostParts && hashBytes + more <= mostBytesOf(hashesName)
    if (part.key !== undefined && !(fits && hasRoom)) continue
    hashBytes += more
    names.add(part.name)
    yield part
  }
}

/** Returns how many bytes a part adds to `hashes.json`, at most. */
function hashBytesOf({ name, key }: NewPart): number {
  return Buffer.byteLength(JSON.stringify({ [name]: { sha256: '0'.repeat(64), key } }))
}

/** The failure for a document: pictures and latents have the same limits when they are read. */
function tooLarge(path: string, { name, bytes }: NewPart): StudioError {
  const [size, most] = [formatBytes(bytes.length), formatBytes(mostBytesOf(name))]
  return new StudioError(
    'BAD_INPUT',
    `Cannot save "${path}": its "${name}" would have ${size}, and at most ${most} are read: shorten notes and prompts, or divide it into several.`,
    { path },
  )
}
