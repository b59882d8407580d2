import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { fitFileName, plainStem } from '#files/fileName'
import { makeFolder } from '#files/makeFolder'

/**
 * Writes a picture that is being dragged out of the window to a file. Each drag has a folder of its own, because the
 * receiver of an earlier one may still be reading it.
 *
 * @returns the path of the file
 */
export async function writeDragged(folder: string, name: string, png: Uint8Array): Promise<string> {
  await makeFolder(folder)
  const own = await mkdtemp(join(folder, 'drag-'))
  const file = join(own, fitFileName(plainStem(name, 'Frame'), '.png'))
  await writeFile(file, png)
  return file
}

/** Whether a path is a picture that was dragged out of the window, whose file does not last. */
export function isDragged(folder: string, path: string): boolean {
  return resolve(path).startsWith(resolve(folder) + sep)
}

/**
 * Deletes what was dragged out in earlier sessions. Files directly in the folder are kept: earlier versions put dragged
 * pictures there, and a project may use the last of them.
 */
export async function clearDragged(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const old = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name))
  // What cannot be deleted costs some disk space, and must not keep the app from starting.
  await Promise.allSettled(old.map((path) => rm(path, { recursive: true, force: true })))
}
