import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { unzipSync } from 'fflate'
import { isPictureName } from '../results/pictures'

/** Two pictures that a film goes between. */
export interface Pair {
  /** What is in each, by the names of their folders: `apple-golden-1`. */
  readonly names: readonly [string, string]
  /** Paths of the two files. */
  readonly pictures: readonly [string, string]
}

/**
 * Chooses pairs of pictures of different varieties, the same ones every time: the middle picture, by name, of
 * each folder of a zip archive; each variety with the one half the list further on, until there are no more,
 * then with the one a quarter of the list further on.
 *
 * @param unpacked  folder that the chosen pictures are unpacked to
 * @throws RangeError if there are too few varieties for so many pairs
 */
export async function choosePairs(archive: string, count: number, unpacked: string): Promise<Pair[]> {
  const files = unzipSync(await readFile(archive), { filter: ({ name }) => isPictureName(name) })
  const varieties = folders(Object.keys(files).sort())
  const half = Math.floor(varieties.length / 2)
  const quarter = Math.floor(varieties.length / 4)
  const places = [
    ...Array.from({ length: half }, (_, at) => [at, at + half]),
    ...Array.from({ length: varieties.length - half - quarter }, (_, at) => [half + at, half + at + quarter]),
  ]
  if (places.length < count) {
    throw new RangeError(`${varieties.length} varieties make ${places.length} pairs, not ${count}.`)
  }
  await mkdir(unpacked, { recursive: true })
  const paths = await Promise.all(
    varieties.map(async (names) => {
      const name = names[Math.floor(names.length / 2)]
      const path = join(unpacked, name.replaceAll('/', '-'))
      await writeFile(path, files[name])
      return path
    }),
  )
  const nameOf = (at: number) => basename(dirname(varieties[at][0]))
  return places.slice(0, count).map(([from, to]) => ({
    names: [nameOf(from), nameOf(to)],
    pictures: [paths[from], paths[to]],
  }))
}

/** Groups sorted paths by their folders. */
function folders(paths: readonly string[]): string[][] {
  const groups = new Map<string, string[]>()
  for (const path of paths) groups.set(dirname(path), (groups.get(dirname(path)) ?? []).concat(path))
  return [...groups.values()]
}
