import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngineHandlers } from '#engine/handlers'
import { ContentCache } from '#files/ContentCache'
import { toFailure } from '#shared/errors'
import { hostileProjects } from '../test/fixtures/hostileProjects'
import { quietContext } from '../test/fixtures/job'
import { mutantsOf } from '../test/fixtures/mutants'
import { rawZip } from '../test/fixtures/rawZip'
import { printTable, residentMemory } from './measure'
import { selectedPart } from './part'

const count = 20_000
const slowSeconds = 2

const document = {
  version: 1,
  pictures: [
    { id: 'a', name: 'A', info: { path: '/nowhere/a.png', sha256: 'ab'.repeat(32) }, fit: { mode: 'cover' } },
  ],
  latents: [
    { id: 's', name: 'Seed', kind: 'seed', seed: 7 },
    {
      id: 'm',
      name: 'Mix',
      kind: 'mix',
      parts: [
        { source: 'a', weight: 1 },
        { source: 's', weight: 2 },
      ],
    },
  ],
  timeline: {
    stops: ['a', 's', 'm'].map((source) => ({ id: source, source })),
    segments: [{ frames: 5 }, { frames: 6 }],
  },
}

/** A project with this document and a correct checksum: damage that no checksum finds. */
function projectWith(json: Buffer): Buffer {
  const sha256 = createHash('sha256').update(json).digest('hex')
  const hashes = Buffer.from(JSON.stringify({ 'document.json': { sha256 } }))
  return rawZip([
    { name: 'document.json', bytes: json, deflate: true },
    { name: 'hashes.json', bytes: hashes, deflate: true },
  ])
}

/** Damaged project files, and intact ones with a damaged document: how many open, and why others do not. */
export async function benchProjectMutants(): Promise<void> {
  const { share, seed, name } = selectedPart()
  const tries = Math.round(count * share)
  const folder = mkdtempSync(join(tmpdir(), 'slerp-projects-'))
  const inside = join(folder, 'inside')
  mkdirSync(inside)
  const handlers = createEngineHandlers({ disk: new ContentCache(join(inside, 'results')) })
  const json = Buffer.from(JSON.stringify(document))
  const files = [projectWith(json), hostileProjects['a latent of NaN']].map((bytes, i) =>
    mutantsOf(bytes, seed + i),
  )
  const documents = mutantsOf(json, seed + 2)
  const next = (i: number): Buffer =>
    i % 2 ? projectWith(documents.next().value) : files[(i / 2) % 2].next().value
  const verdicts = new Map<string, number>()
  let [slow, slowest] = [0, 0]
  const path = join(folder, 'film.slerp')
  for (let i = 0; i < tries; i++) {
    writeFileSync(path, next(i))
    const began = performance.now()
    const verdict = await handlers['project.read'](
      { path, unpackTo: join(inside, 'unpacked'), knownFolders: [] },
      quietContext,
    ).then(
      ({ problems }) => (problems.length > 0 ? 'opens, with what could not be read' : 'opens'),
      (error: unknown) => toFailure(error).code,
    )
    const seconds = (performance.now() - began) / 1000
    verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
    slowest = Math.max(slowest, seconds)
    if (seconds > slowSeconds) slow++
    if (!verdict.startsWith('opens') && verdict !== 'BAD_PROJECT') console.log(`mutant ${i}: ${verdict}`)
  }
  const outside = readdirSync(folder).filter((entry) => entry !== 'inside' && entry !== 'film.slerp')
  printTable(`Mutants of project files: ${tries}${name}`, [
    ...[...verdicts].map(([verdict, number]) => [verdict, String(number)]),
    ['written outside', String(outside.length)],
    [`over ${slowSeconds} s`, String(slow)],
    ['slowest', `${slowest.toFixed(2)} s`],
    ['most memory', `${residentMemory(process.pid).peak.toFixed(0)} MB`],
  ])
  rmSync(folder, { recursive: true })
}
