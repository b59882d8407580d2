import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { claimTarget } from '#engine/animation/claimTarget'
import { provenanceFile } from '#engine/animation/provenance'
import { openWorkFolder } from '#engine/animation/workFolder'
import { readItemFolder } from '#engine/batch/itemFolder'
import { openPictureSet, readPictures } from '#engine/distance/pictureSet'
import { Pictures } from '#engine/image/Pictures'
import { readJournal } from '#engine/lab/journal'
import { readNpyState, readZippedState } from '#engine/latent/foreignLatent'
import { ServerClient } from '#engine/model/server/ServerClient'
import { manifestName, publishedName } from '#files/exportWork'
import { partialFolderOf } from '#files/partialFolder'
import { inferenceServer } from '#shared/inferenceServer'
import { journalName } from '#shared/lab'
import { requireOwnFiles } from '../../src/cli/ownFiles'
import { newFolder } from '../fixtures/cli'

const { signal } = new AbortController()

/** Makes a named pipe that nobody writes into, and the folder around it. */
function pipe(...path: string[]): string {
  const made = join(newFolder(), ...path)
  mkdirSync(dirname(made), { recursive: true })
  execFileSync('mkfifo', [made])
  return made
}

/** Reads a folder of pictures as values, of which this one is the first. */
async function readValues(path: string): Promise<unknown> {
  writeFileSync(join(dirname(path), '1.npy'), '')
  const set = await openPictureSet(dirname(path), new Pictures())
  return readPictures(set, null, signal).next()
}

/** Would catch a request that waits for ever for somebody to write into the pipe. */
describe.skipIf(process.platform === 'win32')('a named pipe', () => {
  it.each<[string, string, (path: string) => Promise<unknown>]>([
    ['the record of a job', provenanceFile, (path) => readItemFolder(dirname(path))],
    ['the journal of a study', journalName, (path) => readJournal(dirname(path))],
    ['the values of a picture', '0.npy', readValues],
    ['a latent of NumPy', 'latent.npy', (path) => readNpyState(path, 1024)],
    ['a latent of torch', 'latent.pt', (path) => readZippedState(path, 1024)],
    [
      'the certificate of an authority',
      'ca.pem',
      (ca) => ServerClient.open(inferenceServer.parse({ url: 'https://localhost:1', ca })),
    ],
  ])(
    'is refused as %s',
    async (_what, name, read) => {
      await expect(read(pipe(name))).rejects.toMatchObject({
        code: 'UNREADABLE',
        message: expect.stringContaining('a pipe') as string,
      })
    },
    10_000,
  )

  it('counts as nothing among what an unfinished export left', async () => {
    const target = join(dirname(pipe(partialFolderOf('film.gif'), publishedName)), '../film.gif')
    const folder = partialFolderOf(target)
    execFileSync('mkfifo', [join(folder, manifestName)])
    const claim = await claimTarget(target, 'request')
    expect(claim.isOwnResult).toBe(false)
    const size = { width: 8, height: 6 }
    await (await openWorkFolder(target, 'provenance', size)).discard()
    await claim.release()
  }, 10_000)

  it('counts as a file of the user where a command keeps its record', async () => {
    const path = pipe('record.json')
    const files = { folder: dirname(path), names: ['record.json'], record: 'record.json', recordArrays: [] }
    await expect(requireOwnFiles(files, false)).rejects.toMatchObject({ code: 'EXISTS' })
  }, 10_000)
})
