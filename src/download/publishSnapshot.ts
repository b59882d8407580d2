import { copyFile, link, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { withoutSymlinks } from '#files/hubCache'
import { removeAbandonedSiblings, temporarySibling } from '#files/temporarySibling'
import { writeAtomicFile } from '#files/atomicFile'
import type { RemoteFile } from './describeSnapshot'

/** Where a repository's blob is. */
export function blobPath(repositoryFolder: string, { hash }: RemoteFile): string {
  return join(repositoryFolder, 'blobs', hash)
}

/**
 * Makes a snapshot of blobs that are all there, and lets the branch point at it.
 *
 * @param branch  branch or tag; null where a commit was asked for by itself
 * @returns the snapshot's folder
 */
export async function publishSnapshot(
  repositoryFolder: string,
  commit: string,
  files: readonly RemoteFile[],
  branch: string | null,
): Promise<string> {
  const snapshot = join(repositoryFolder, 'snapshots', commit)
  for (const file of files) {
    const path = join(snapshot, file.path)
    await mkdir(dirname(path), { recursive: true })
    await removeAbandonedSiblings(path)
    await placeBlob(blobPath(repositoryFolder, file), path)
  }
  if (branch !== null) await pointTo(join(repositoryFolder, 'refs', branch), commit)
  return snapshot
}

/** By a link where there can be one, which costs no space: a symbolic one, as Python makes them, or a hard one; else by a copy. */
async function placeBlob(blob: string, path: string): Promise<void> {
  const temporary = temporarySibling(path)
  const ways = [
    ...(withoutSymlinks() ? [] : [() => symlink(relative(dirname(path), blob), temporary)]),
    () => link(blob, temporary),
  ]
  try {
    for (const way of ways) {
      const isMade = await way().then(
        () => true,
        () => false,
      )
      if (isMade) return await rename(temporary, path)
    }
    await copyFile(blob, temporary)
    await rename(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
}

async function pointTo(reference: string, commit: string): Promise<void> {
  const before = await readFile(reference, 'utf8').catch(() => null)
  if (before === commit) return
  await mkdir(dirname(reference), { recursive: true })
  await writeAtomicFile(reference, Buffer.from(commit), { overwrite: true })
}
