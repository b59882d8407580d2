import { mkdirSync, statSync } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StudioError } from '#shared/errors'
import { explainFileError } from './fileErrors'

/**
 * Creates a folder and those above it, unless they are there.
 *
 * @param path  what the user named
 * @param mode  permissions of new folders; those of the system by default
 * @throws StudioError UNWRITABLE with the cause
 */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  try {
    await createWithParents(path, mode)
  } catch (error) {
    throw explainFileError(error, path, 'write')
  }
}

/** Unlike `mkdir` with `recursive`, it ends where the system says ENOENT although the parent is there, as `/proc` does. */
async function createWithParents(path: string, mode?: number): Promise<void> {
  try {
    await mkdir(path, mode)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return requireFolder(path)
    const parent = dirname(path)
    if (code !== 'ENOENT' || parent === path) throw error
    await createWithParents(parent, mode)
    await mkdir(path, mode).catch((again: NodeJS.ErrnoException) => {
      if (again.code === 'EEXIST') return
      if (again.code !== 'ENOENT') throw again
      throw new StudioError(
        'UNWRITABLE',
        `Cannot write "${path}": no folder can be made there: choose another place.`,
        { path },
      )
    })
  }
}

/**
 * Like {@link makeFolder}, for the start of the app, which must not wait.
 *
 * @throws the system's error
 */
export function makeFolderSync(path: string): void {
  try {
    mkdirSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && statSync(path).isDirectory()) return
    const parent = dirname(path)
    if (code !== 'ENOENT' || parent === path) throw error
    makeFolderSync(parent)
    mkdirSync(path)
  }
}

/** @throws StudioError UNWRITABLE if something else is there */
async function requireFolder(path: string): Promise<void> {
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (there?.isDirectory()) return
  const found = there === null ? 'is a link to a place that is not there' : 'is not a folder'
  throw new StudioError('UNWRITABLE', `Cannot write "${path}": it ${found}: choose another name.`, { path })
}
