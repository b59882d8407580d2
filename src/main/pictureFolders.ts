import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '#shared/errors'
import { isPictureFile } from '#shared/fileKinds'
import { explained } from '#files/fileErrors'

/** A file that may be a picture. A failure is reported only if it was `expected` to be one. */
export interface Candidate {
  readonly path: string
  readonly expected: boolean
}

/** Whether users expect a file to be opened as a picture. */
function isExpected(name: string): boolean {
  return isPictureFile(name) || name.toLowerCase().endsWith('.bmp')
}

/** The most files accepted from one folder: a home folder dropped by mistake must not take an hour. */
const mostFiles = 2000

/**
 * Lists what `path` stands for: itself, or the visible files directly in a folder, sorted with numbers in
 * natural order. The extension does not decide what is a picture, only whose failure is reported.
 *
 * @throws StudioError NOT_FOUND or UNREADABLE for the path; BAD_INPUT for a folder with no files or too many
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
    expected: isExpected(name),
  }))
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await explained(folder, 'read', () => readdir(folder, { withFileTypes: true }))
  return entries
    .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort(new Intl.Collator('en', { numeric: true }).compare)
}
