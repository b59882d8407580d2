import { readdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { StudioError } from '#shared/errors'
import { explained } from '#files/fileErrors'

/** A file that may be a picture. Only a failure of one that was `expected` to be is worth telling. */
export interface Candidate {
  readonly path: string
  readonly expected: boolean
}

/** The endings of the pictures that are read, as a file dialog takes them. */
export const pictureExtensions = ['png', 'jpg', 'jpeg', 'webp', 'avif', 'gif', 'heic', 'heif', 'tif', 'tiff']

/** These, and one that people believe is read. */
const pictureEndings = new Set([...pictureExtensions, 'bmp'].map((extension) => `.${extension}`))

/** The most files looked at in one folder: a home folder dropped by mistake must not take an hour. */
const mostFiles = 2000

/**
 * What `path` stands for: itself, or the files directly in a folder in the order a person would number them, hidden
 * ones left out. Endings do not decide what is a picture, only whose failure is a surprise.
 *
 * @throws StudioError NOT_FOUND or UNREADABLE for the path; BAD_INPUT for a folder of no files, or of too many
 */
export async function listCandidates(path: string): Promise<Candidate[]> {
  const found = await explained(path, 'read', () => stat(path))
  if (!found.isDirectory()) return [{ path, expected: true }]
  const names = await listFiles(path)
  if (names.length === 0)
    throw new StudioError('BAD_INPUT', `There is no file in the folder "${path}".`, { path })
  if (names.length > mostFiles) {
    const sentence = `The folder "${path}" holds ${names.length} files, and at most ${mostFiles} are taken in at once: choose some of them.`
    throw new StudioError('BAD_INPUT', sentence, { path })
  }
  return names.map((name) => ({
    path: join(path, name),
    expected: pictureEndings.has(extname(name).toLowerCase()),
  }))
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await explained(folder, 'read', () => readdir(folder, { withFileTypes: true }))
  return entries
    .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort(new Intl.Collator('en', { numeric: true }).compare)
}
