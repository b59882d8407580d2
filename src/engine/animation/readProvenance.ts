import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { inflateSync } from 'node:zlib'
import type { ExportOrigin } from '#shared/project'
import { readRange, readWholeFile, withFile } from '#files/fileAccess'
import { fileLimits } from '#shared/fileLimits'
import { gif, gifComments } from '../image/containers/gif'
import { pngChunks, pngSignature } from '../image/containers/pngChunks'
import { webp, webpChunks } from '../image/containers/webp'
import { provenanceKeyword, shortenProvenance, type ShortProvenance } from './exporters/provenanceText'
import { provenanceFile, shardName } from './provenance'
import { readVideoComment } from './videoComment'

/** Names of frames in an exported folder. */
const frameName = /^(frame-)?\d+\.png$/

/** The provenance found in an export. */
export interface CarriedProvenance {
  readonly kind: ExportOrigin['kind']
  /** JSON, if this program wrote it. */
  readonly text: string
}

/**
 * Reads the provenance of an export. For a folder, it is that of the first frame, or else the file beside frames
 * that were made one by one. A later frame of a film leads to the first one, if that lies beside it. Returns null
 * for any file without one.
 *
 * @throws StudioError NOT_FOUND or UNREADABLE
 */
export async function readProvenance(path: string): Promise<CarriedProvenance | null> {
  const found = await stat(path).catch(() => null)
  if (!found?.isDirectory()) return wholeProvenance(path)
  const names = await readdir(path).catch(() => [])
  const frames = names.filter((name) => frameName.test(name)).sort()
  const first = frames.length === 0 ? null : await provenanceOfFile(join(path, frames[0]))
  const text = first?.text ?? (await provenanceBeside(path, names))
  return text === null ? null : { kind: 'folder', text }
}

async function wholeProvenance(path: string): Promise<CarriedProvenance | null> {
  const own = await provenanceOfFile(path)
  const first = own && firstFrameOf(own.text)
  if (!first) return own
  const whole = await provenanceOfFile(join(dirname(path), first)).catch(() => null)
  return whole && isShortOf(own.text, whole.text, first) ? whole : own
}

/** Whether a short provenance is that of a film whose first frame carries `whole`. */
function isShortOf(short: string, whole: string, first: string): boolean {
  try {
    return shortenProvenance(whole, first) === short
  } catch {
    // Another program wrote the file that lies there.
    return false
  }
}

/** Returns the name of the frame that carries the whole of a short provenance; null for any other. */
function firstFrameOf(text: string): string | null {
  try {
    const { wholeIn } = JSON.parse(text) as Partial<ShortProvenance>
    return typeof wholeIn === 'string' && frameName.test(wholeIn) ? wholeIn : null
  } catch {
    return null
  }
}

/**
 * Returns the provenance of frames that were made one by one, completed by what is known of their film and by the
 * number of classes of the model, which balanced samples are drawn with.
 *
 * @param names  names of the files in the folder
 */
async function provenanceBeside(folder: string, names: readonly string[]): Promise<string | null> {
  try {
    const text = (await readWholeFile(join(folder, provenanceFile), fileLimits.provenance)).toString('utf8')
    const { provenance, fps, repeat, range } = JSON.parse(text) as Record<string, unknown>
    const classes = await classesBeside(folder, names)
    return JSON.stringify({ ...(provenance as object), target: { fps, repeat, range }, classes })
  } catch {
    // Most folders have none, and a damaged file is treated like one from another program.
    return null
  }
}

/**
 * Returns the number of classes that a shard has recorded; null if none has: shards of earlier versions have not.
 */
async function classesBeside(folder: string, names: readonly string[]): Promise<number | null> {
  for (const name of names.filter((one) => shardName.test(one))) {
    const classes = await classesOfShard(join(folder, name)).catch(() => null)
    if (classes !== null) return classes
  }
  return null
}

async function classesOfShard(path: string): Promise<number | null> {
  const text = (await readWholeFile(path, fileLimits.shardRecord)).toString('utf8')
  const { noise } = JSON.parse(text) as { noise?: { classes?: unknown } }
  return typeof noise?.classes === 'number' ? noise.classes : null
}

async function provenanceOfFile(path: string): Promise<CarriedProvenance | null> {
  const head = await withFile(path, async (file) => {
    const { size } = await file.stat()
    return readRange(file, 0, Math.min(size, 16))
  })
  const read = textReaders.find(({ matches }) => matches(head))?.read
  try {
    const text = read
      ? read(await readWholeFile(path, fileLimits.exportedPicture))
      : await withFile(path, readVideoComment)
    return text === null ? null : { kind: read ? 'picture' : 'video', text }
  } catch {
    // A damaged file is treated like one from another program.
    return null
  }
}

const textReaders: readonly { matches(head: Buffer): boolean; read(bytes: Buffer): string | null }[] = [
  { matches: (head) => head.indexOf(pngSignature) === 0, read: textOfPng },
  { matches: gif.matches, read: textOfGif },
  { matches: webp.matches, read: textOfWebp },
]

function textOfPng(bytes: Buffer): string | null {
  const start = Buffer.from(`${provenanceKeyword}\0`, 'latin1')
  for (const { type, data } of pngChunks(bytes)) {
    if (type !== 'iTXt' || data.indexOf(start) !== 0) continue
    const isCompressed = data[start.length] === 1
    // After the compression method come two null-terminated texts: the language and the translated keyword.
    const language = data.indexOf(0, start.length + 2)
    const text = data.subarray(data.indexOf(0, language + 1) + 1)
    return (isCompressed ? inflateSync(text, { maxOutputLength: fileLimits.provenance }) : text).toString(
      'utf8',
    )
  }
  return null
}

function textOfGif(bytes: Buffer): string | null {
  for (const comment of gifComments(bytes)) if (comment[0] === openBrace) return comment.toString('utf8')
  return null
}

const openBrace = '{'.charCodeAt(0)

function textOfWebp(bytes: Buffer): string | null {
  for (const { type, data } of webpChunks(bytes)) {
    if (type !== 'XMP ') continue
    const text = /<rdf:li xml:lang="x-default">([^<]*)<\/rdf:li>/.exec(data.toString('utf8'))?.[1]
    return text?.replace(/&(amp|lt|gt);/g, (entity) => entities[entity]) ?? null
  }
  return null
}

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' }
