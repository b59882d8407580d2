import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** The list of hashes in an installed app: unlike macOS and Windows, Linux does not seal programs. */
const sumsFile = 'SHA256SUMS'

/**
 * Writes the SHA-256 of every file of an app next to them, in the format of `sha256sum --check`. The program
 * does not check itself, because whoever can change one can change the other: see docs/security.md for its
 * use.
 */
export async function writeSums(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name !== sumsFile)
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  const lines = []
  for (const path of paths.sort()) lines.push(`${await sha256(join(folder, path))}  ${path}\n`)
  await writeFile(join(folder, sumsFile), lines.join(''))
}

async function sha256(path) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
