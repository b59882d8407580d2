import { basename } from 'node:path'
import type { StudioDocument } from '#shared/document'
import { readWholeFile } from '#files/fileAccess'
import { isNamedByContent } from '#files/contentName'
import { sha256Of } from '#files/sha256'
import { readPictureHeader } from '../image/pictureHeader'
import { readLatentFile } from '../latent/latentFile'
import { documentName, findSourcePart, largestSources, sourcePartName, type Archive } from './archive'
import { documentOf } from './openProject'
import type { NewPart } from './readableParts'

/** A file that a document refers to. */
export interface Source {
  readonly folder: keyof typeof largestSources
  readonly path: string
  /** Hash of the content when it was last read; empty if unknown. */
  readonly sha256: string
}

type SourcePart = NewPart & { sha256: string }

/** Returns the files that a document refers to. */
export function sourcesOf({ pictures, latents }: StudioDocument): Source[] {
  return [
    ...pictures.map(({ info }) => ({ folder: 'pictures' as const, path: info.path, sha256: info.sha256 })),
    ...latents.flatMap((latent) =>
      latent.kind === 'file'
        ? [{ folder: 'latents' as const, path: latent.path, sha256: latent.sha256 }]
        : [],
    ),
  ]
}

/**
 * Whether a source is a picture in a file of the user's, which a project may leave out. A picture that was pasted or
 * unpacked has only a copy that the program made, and belongs in the project.
 */
export function isUsersPicture({ folder, path, sha256 }: Source): boolean {
  return folder === 'pictures' && !isNamedByContent(path, sha256)
}

/** Returns the hash of each file as a project contains it, by its path. */
export async function hashesIn(archive: Archive): Promise<Map<string, string>> {
  const read = await documentOf(documentName, archive).catch(() => null)
  const placed = read ? sourcesOf(read.document).filter(({ path }) => path !== '') : []
  return new Map(placed.map(({ path, sha256 }) => [path, sha256]))
}

/**
 * Reads a picture or a latent file as a part, named by its content; null if it cannot be read. A project may come
 * from anybody and names any path, so a file whose content is not the known one is read only if it is a picture or a
 * latent: a project that is passed on must not contain, for example, somebody's private keys.
 */
export async function readSource(source: Source): Promise<SourcePart | null> {
  const { folder, path } = source
  const bytes = path === '' ? null : await readWholeFile(path, largestSources[folder]).catch(() => null)
  if (!bytes) return null
  const sha256 = sha256Of(bytes)
  if (sha256 !== source.sha256 && !(await isOfItsKind(source, bytes))) return null
  return { name: sourcePartName(folder, sha256, path), bytes, sha256 }
}

async function isOfItsKind({ folder, path }: Source, bytes: Buffer): Promise<boolean> {
  try {
    if (folder === 'pictures') readPictureHeader(bytes, basename(path))
    else await readLatentFile(path)
    return true
  } catch {
    return false
  }
}

/**
 * Takes a missing file from the previous project, by the hash in the document or else by its hash in that project: a
 * latent file is not hashed before it is saved, and a picture may have changed after it was added.
 */
export async function takeSource(
  { folder, path, sha256 }: Source,
  previous: Archive | null,
  before: ReadonlyMap<string, string>,
): Promise<SourcePart | null> {
  for (const hash of [sha256, before.get(path) ?? '']) {
    const name = previous && hash !== '' ? findSourcePart(previous, folder, hash) : undefined
    const bytes = name === undefined ? null : await previous?.read(name).catch(() => null)
    if (bytes) return { name: sourcePartName(folder, hash, path), bytes, sha256: hash }
  }
  return null
}
