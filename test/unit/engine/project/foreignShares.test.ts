import type * as fs from 'node:fs/promises'
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { withoutForeignShares } from '#engine/project/foreignShares'
import { writeArchive } from '#engine/project/writeArchive'
import type { StudioDocument } from '#shared/document'
import { readDocument } from '#shared/readDocument'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { startEngine } from '../../../fixtures/projects'

vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof fs>()
  return { ...actual, stat: vi.fn(actual.stat), open: vi.fn(actual.open) }
})
afterEach(() => vi.restoreAllMocks())

/** A document whose picture, latent and model are all at this path. */
const documentAt = (path: string, relativePath?: string): StudioDocument =>
  readDocument({
    version: 1,
    pictures: [{ id: 'p', info: { path }, relativePath }],
    latents: [{ id: 'l', kind: 'file', path, relativePath }],
    model: { name: 'm', sha256: 'a', path },
  }).document

/** The paths that a document names: of picture, latent and model, and the relative ones. */
function pathsOf({ pictures: [picture], latents: [latent], model }: StudioDocument) {
  const file = latent as { path: string; relativePath?: string }
  return [picture.info.path, file.path, model?.path, picture.relativePath, file.relativePath]
}

const folders = { folder: 'C:\\films', knownFolders: ['D:\\photos', '\\\\NAS\\Photos\\2026'] }

it.each([
  '\\\\evil\\share\\a.png',
  '//evil/share/a.png',
  '/\\evil\\share\\a.png',
  '\\\\nas\\other\\a.png',
  '\\\\evil@SSL@443\\DavWWWRoot\\a.png',
  '\\\\?\\UNC\\evil\\share\\a.png',
  '//?/unc/evil/share/a.png',
  '\\\\.\\UNC\\evil\\share\\a.png',
  '\\\\.\\GLOBALROOT\\Device\\Mup\\evil\\share\\a.png',
  '\\??\\UNC\\evil\\share\\a.png',
  '\\\\?\\UNC\\?\\UNC\\evil\\share\\a.png',
])('on Windows, a project does not lead to %s, as a path or a relative one', (path) => {
  const beside = 'C:\\films\\a.png'
  const cleaned = withoutForeignShares(documentAt(path, path), folders, 'win32')
  expect(pathsOf(cleaned)).toEqual([beside, beside, '', undefined, undefined])
})

it.each([
  'C:\\photos\\a.png',
  '\\photos\\a.png',
  '\\\\nas\\photos\\a.png',
  '//nas/photos/old/a.png',
  '\\\\?\\UNC\\nas\\photos\\a.png',
])('on Windows, %s stays: on a drive, or on the share of a folder that the user has opened', (path) => {
  const cleaned = withoutForeignShares(documentAt(path, '../photos/a.png'), folders, 'win32')
  expect(pathsOf(cleaned)).toEqual([path, path, path, '../photos/a.png', '../photos/a.png'])
})

it('keeps the files on the share that the project itself is on', () => {
  const path = '\\\\team\\films\\pictures\\a.png'
  const onShare = { folder: '\\\\TEAM\\films\\2026', knownFolders: [] }
  expect(pathsOf(withoutForeignShares(documentAt(path), onShare, 'win32'))).toContain(path)
})

it.each(['linux', 'darwin'] as const)(
  'changes nothing on %s, where such a path is a local one',
  (platform) => {
    const document = documentAt('//data/photos/a.png')
    expect(withoutForeignShares(document, folders, platform)).toBe(document)
  },
)

it('looks at no file of a foreign share when a project is opened and saved (would catch a login to a server of its author’s choice)', async () => {
  const folder = emptyFolder()
  const path = join(folder, 'film.slerp')
  const evil = '\\\\evil\\share\\a.png'
  const json = Buffer.from(JSON.stringify(documentAt(evil, evil)))
  const parts = async function* () {
    yield { name: 'document.json', bytes: json }
  }
  await writeArchive(path, parts(), { overwrite: false })
  const engine = startEngine(folder)
  vi.spyOn(process, 'platform', 'get').mockReturnValue('win32')
  const { document, missing } = await engine.open(path)
  await engine.save(path, document, { from: path })
  const touched = [...vi.mocked(stat).mock.calls, ...vi.mocked(open).mock.calls].map(([at]) => String(at))
  expect(touched.filter((at) => at.includes('evil'))).toEqual([])
  expect(touched).toContain(path)
  expect(missing).toHaveLength(2)
})
