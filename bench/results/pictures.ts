import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { unzipSync } from 'fflate'

const endings = new Set(['.png', '.jpg', '.jpeg', '.webp', '.avif', '.gif'])

/** Whether a file is a picture, by its name; hidden files are not. */
export function isPictureName(name: string): boolean {
  return endings.has(extname(name).toLowerCase()) && !basename(name).startsWith('.')
}

/** Returns items evenly spaced in a list, or all of it if it is no longer than `count`. Deterministic. */
export function takeEvenly<Item>(items: readonly Item[], count: number): Item[] {
  if (items.length <= count) return [...items]
  return Array.from({ length: count }, (_, i) => items[Math.floor(((i + 0.5) * items.length) / count)])
}

/**
 * Returns the paths of `count` pictures of a folder or zip archive, evenly spaced in order of their names.
 *
 * @param unpacked  folder that pictures of an archive are unpacked to
 * @param without  names of folders of the archive to leave out
 */
export async function choosePictures(
  source: string,
  count: number,
  unpacked: string,
  without: readonly string[] = [],
): Promise<string[]> {
  if ((await stat(source)).isDirectory()) {
    const names = (await readdir(source)).filter(isPictureName).sort()
    return takeEvenly(names, count).map((name) => join(source, name))
  }
  const isLeftOut = (name: string) => name.split('/').some((part) => without.includes(part))
  const files = unzipSync(await readFile(source), {
    filter: ({ name }) => isPictureName(name) && !isLeftOut(name),
  })
  await mkdir(unpacked, { recursive: true })
  return Promise.all(
    takeEvenly(Object.keys(files).sort(), count).map(async (name) => {
      const path = join(unpacked, name.replaceAll('/', '-'))
      await writeFile(path, files[name])
      return path
    }),
  )
}

/** Describes where the pictures of a document are from. */
export function sourceInWords(
  { pictures, count }: { pictures: string; count: number },
  taken: number,
): string {
  const chosen = taken < count ? 'all there are' : 'evenly spaced by name'
  return `${chosen} in \`${basename(resolve(pictures))}\``
}
