/**
 * Saves a small project once, `node saveOnce.mjs <path> <version>`, as soon as a line arrives on stdin:
 * `saveKills` kills it at each of its system calls.
 */
import { once } from 'node:events'
import { documentName } from '#engine/project/archive'
import type { NewPart } from '#engine/project/readableParts'
import { writeArchive } from '#engine/project/writeArchive'

const [path, version] = process.argv.slice(2)

async function* parts(): AsyncGenerator<NewPart> {
  for (let frame = 0; frame < 5; frame++) {
    yield { name: `frames/${String(frame).repeat(64)}.png`, bytes: Buffer.alloc(100_000, version) }
  }
  yield { name: documentName, bytes: Buffer.from(JSON.stringify({ version })) }
}

process.stdout.write('ready\n')
await once(process.stdin, 'data')
await writeArchive(path, parts(), { overwrite: true })
process.exit()
