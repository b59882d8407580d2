import { copyFile, link, rm, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { readText } from '#files/fileAccess'
import { fileLimits } from '#shared/fileLimits'
import { withoutSymlinks } from '#files/hubCache'
import { makeFolder } from '#files/makeFolder'
import { renameFile } from '#files/renameFile'
import { removeAbandonedSiblings, temporarySibling } from '#files/temporarySibling'
import { writeAtomicFile } from '#files/atomicFile'
import type { RemoteFile } from './describeSnapshot'

/** Returns the path of a file's blob in a repository. */
export function blobPath(repositoryFolder: string, { hash }: RemoteFile): string {
  return join(repositoryFolder, 'blobs', hash)
}

/**
 * Makes a snapshot of blobs that are all present, and points the branch at it.
 *
 * @param branch  branch or tag; null if a commit was asked for directly
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
    await makeFolder(dirname(path))
    await removeAbandonedSiblings(path)
    await placeBlob(blobPath(repositoryFolder, file), path)
  }
  if (branch !== null) await pointTo(join(repositoryFolder, 'refs', branch), commit)
  return snapshot
}

/**
 * Places a blob by a link if possible, which takes no space: a symbolic link, as Python makes them, or a hard
 * link; otherwise copies it.
 */
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
      if (isMade) return await renameFile(temporary, path)
    }
    await copyFile(blob, temporary)
    await renameFile(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
}

async function pointTo(reference: string, commit: string): Promise<void> {
  const before = await readText(reference, fileLimits.hubReference).catch(() => null)
  if (before === commit) return
  await makeFolder(dirname(reference))
  await writeAtomicFile(reference, Buffer.from(commit), { overwrite: true })
}
