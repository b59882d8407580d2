import { expect, it } from 'vitest'
import { createJournal } from '#engine/lab/journal'
import { openStudy } from '#engine/lab/report'
import { decodeSettings } from '#shared/settings'
import { newFolder } from '../../../fixtures/cli'
import { manifest } from './study'

it('reports the content of each picture beside its name, in the same order (would catch pictures of one name that nobody can tell apart)', async () => {
  const folder = newFolder()
  const seed = {
    name: 'seed 7',
    latentSha256: '03',
    source: { kind: 'seed', seed: 7 },
    decode: decodeSettings.parse({}),
  }
  const [plain, other] = manifest.pictures
  const pictures = [plain, seed, { ...other, name: plain.name }]
  await createJournal(folder, { ...manifest, pictures })
  expect(await openStudy(folder)).toMatchObject({
    pictures: ['plain.png', 'seed 7', 'plain.png'],
    pictureHashes: ['01', null, '02'],
  })
})
