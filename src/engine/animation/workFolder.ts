import { existsSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { partialFolderOf } from '#files/partialFolder'
import { readText, readWholeFile } from '#files/fileAccess'
import { explained } from '#files/fileErrors'
import { fileLimits } from '#shared/fileLimits'
import { frameName, isWorkFile, manifestName, removeWork } from '#files/exportWork'
import { writeAtomicFile } from '#files/atomicFile'
import { requireReplaceable } from '#files/atomicFolder'
import type { PictureSize } from '#shared/pictureSource'
import { isIntactPng } from '../image/wholePng'

/**
 * The finished frames of an unfinished export: a folder next to its target, removed once the target
 * is complete.
 */
export interface WorkFolder {
  /** Whether it holds no frame yet. */
  readonly isEmpty: boolean
  /** Whether it holds a frame, intact and of the right size. A damaged one counts as absent from then on. */
  has(frame: number): Promise<boolean>
  /** @returns PNG bytes at the model's size */
  read(frame: number): Promise<Uint8Array>
  write(frame: number, png: Uint8Array): Promise<void>
  /** Removes the frames, and the folder too unless it contains something else. */
  discard(): Promise<void>
}

/**
 * Opens the work folder of an export. Frames of an earlier run are kept if it had the same provenance, and
 * deleted otherwise.
 *
 * @param provenance  what decides the frames, and nothing else: see describeFrames
 * @param size  of each frame
 * @param confirm  called with the other provenance before frames are deleted, which they are not if it throws
 * @throws StudioError EXISTS if a folder of the same name contains the user's own files; UNWRITABLE with
 *   the cause
 */
export async function openWorkFolder(
  target: string,
  provenance: string,
  size: PictureSize,
  confirm: (before: string) => Promise<void> = async () => undefined,
): Promise<WorkFolder> {
  const folder = partialFolderOf(target)
  const manifestPath = join(folder, manifestName)
  const framePath = (frame: number) => join(folder, `${String(frame).padStart(6, '0')}.png`)
  const readFrame = (frame: number) => readWholeFile(framePath(frame), fileLimits.exportedPicture)

  const before = await readText(manifestPath, fileLimits.provenance).catch(() => null)
  if (before !== null && before !== provenance) await confirm(before)
  await explained(target, 'write', async () => {
    if (before === provenance) return
    await requireReplaceable(folder, { overwrite: true, replaces: isWorkFile })
    await removeWork(folder)
    if (!existsSync(folder)) await mkdir(folder)
    await writeAtomicFile(manifestPath, Buffer.from(provenance), { overwrite: true })
  })

  const names = await explained(target, 'write', () => readdir(folder))
  const present = new Set(names.filter((name) => frameName.test(name)).map((name) => parseInt(name, 10)))
  const isIntact = (frame: number) =>
    readFrame(frame).then(
      (bytes) => isIntactPng(bytes, size),
      () => false,
    )
  return {
    get isEmpty() {
      return present.size === 0
    },
    async has(frame) {
      if (present.has(frame) && !(await isIntact(frame))) present.delete(frame)
      return present.has(frame)
    },
    read: readFrame,
    async write(frame, png) {
      await writeAtomicFile(framePath(frame), png, { overwrite: true })
      present.add(frame)
    },
    discard: () => removeWork(folder),
  }
}
