import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { sourcesOf } from '#core/timeline/timeline'
import type { FramePlan } from '#shared/framePlan'
import { readPieces } from '#files/fileAccess'
import type { Pictures } from '../image/Pictures'

/**
 * A latent of a plan as an export describes it: a `LatentSource` with file names and contents instead
 * of paths.
 */
export type SourceRecord = Readonly<Record<string, unknown>>

/** What an export says about a file that a latent comes from. `bytes` is omitted if the file is missing. */
interface FileRecord {
  readonly name: string
  readonly sha256: string
  readonly bytes?: number
}

/**
 * Describes the latents of a plan with everything needed to make them again. Exports contain no local paths:
 * files are identified by name and content.
 */
export async function recordSources(
  plan: FramePlan,
  pictures: Pictures,
  signal: AbortSignal,
): Promise<SourceRecord[]> {
  const records: SourceRecord[] = []
  for (const source of sourcesOf(plan)) {
    records.push((await withoutPaths(source, (path, known) => recordFile(path, known))) as SourceRecord)
  }
  return records

  async function recordFile(path: string, known: string): Promise<FileRecord> {
    const name = basename(path)
    try {
      const { sha256, bytes } = await pictures.info(path, signal)
      return { name, sha256, bytes }
    } catch {
      return hashFile(path).catch(() => ({ name, sha256: known }))
    }
  }
}

/** Copies a value, replacing every path, and the hash next to it, with what `record` says about the file. */
async function withoutPaths(
  value: unknown,
  record: (path: string, sha256: string) => Promise<FileRecord>,
): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map((one) => withoutPaths(one, record)))
  if (typeof value !== 'object' || value === null) return value
  const { path, sha256, ...rest } = value as Record<string, unknown>
  const copied: [string, unknown][] = []
  for (const [key, part] of Object.entries(rest)) copied.push([key, await withoutPaths(part, record)])
  const file = typeof path === 'string' ? await record(path, typeof sha256 === 'string' ? sha256 : '') : {}
  return { ...Object.fromEntries(copied), ...file }
}

async function hashFile(path: string): Promise<FileRecord> {
  const hash = createHash('sha256')
  let bytes = 0
  await readPieces(path, (piece) => {
    hash.update(piece)
    bytes += piece.length
  })
  return { name: basename(path), sha256: hash.digest('hex'), bytes }
}
