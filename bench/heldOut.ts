import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { choosePictures, isPictureName } from './results/pictures'

const samplesFolder = resolve('resources/samples')

/**
 * Returns pictures to measure on: at most `most` of those in `BENCH_PICTURES`, a folder or zip archive, or else the
 * samples.
 *
 * @param name  of the folder below out/bench that pictures of an archive are unpacked to
 */
export async function picturesOf(name: string, most: number): Promise<string[]> {
  const { BENCH_PICTURES: source } = process.env
  if (source) return choosePictures(source, most, resolve('out/bench', name))
  return readdirSync(samplesFolder)
    .filter(isPictureName)
    .map((file) => join(samplesFolder, file))
}
