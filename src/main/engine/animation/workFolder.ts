import { mkdir, readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { explained } from '../fileErrors'
import { writeWholeFile } from '../wholeFile'

/** The finished frames of an export that is not finished itself: a folder beside its target, gone once that stands. */
export interface WorkFolder {
  /** How many frames an earlier, interrupted run of the same recipe had left. */
  readonly resumedFrames: number
  /** Whether it keeps no frame yet. */
  readonly isEmpty: boolean
  has(frame: number): boolean
  /** @returns PNG bytes at the model's size */
  read(frame: number): Promise<Uint8Array>
  write(frame: number, png: Uint8Array): Promise<void>
  discard(): Promise<void>
}

/** Where the unfinished frames of an export to `target` are. */
export function workFolderOf(target: string): string {
  return `${target.replace(/[/\\]+$/, '')}.partial`
}

/**
 * Opens the work folder of an export, with the frames of an earlier run when that had the same recipe; frames of
 * another recipe are dropped.
 */
export async function openWorkFolder(target: string, recipe: string): Promise<WorkFolder> {
  const folder = workFolderOf(target)
  const recipePath = join(folder, 'recipe.json')
  const framePath = (frame: number) => join(folder, `${String(frame).padStart(6, '0')}.png`)

  const before = await readFile(recipePath, 'utf8').catch(() => null)
  await explained(target, 'write', async () => {
    if (before === recipe) return
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder)
    await writeWholeFile(recipePath, Buffer.from(recipe), { overwrite: true })
  })

  const names = await readdir(folder)
  const present = new Set(names.filter((name) => /^\d{6}\.png$/.test(name)).map((name) => parseInt(name, 10)))
  return {
    resumedFrames: present.size,
    get isEmpty() {
      return present.size === 0
    },
    has: (frame) => present.has(frame),
    read: (frame) => explained(framePath(frame), 'read', () => readFile(framePath(frame))),
    async write(frame, png) {
      await writeWholeFile(framePath(frame), png, { overwrite: true })
      present.add(frame)
    },
    discard: () => rm(folder, { recursive: true, force: true }),
  }
}
