import { createHash } from 'node:crypto'
import type * as fs from 'node:fs/promises'
import { mkdir, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { hashEachOnce, nearbyFiles } from '#engine/project/nearbyFiles'
import { emptyFolder } from '../../../fixtures/exportTarget'

vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof fs>()
  return { ...actual, stat: vi.fn(actual.stat) }
})

const hashOf = (content: string) => createHash('sha256').update(content).digest('hex')

describe.skipIf(process.platform === 'win32')('files near a project', () => {
  it('are found in its subfolders beside a link to thousands (would catch a linked archive that takes their place)', async () => {
    const [folder, archive] = [emptyFolder(), emptyFolder()]
    for (let at = 0; at < 2100; at++) await writeFile(join(archive, `${at}.txt`), '')
    await symlink(archive, join(folder, 'archive'))
    await mkdir(join(folder, 'pictures'))
    await writeFile(join(folder, 'pictures', 'moved.png'), 'a picture')
    const nearby = nearbyFiles([folder], hashEachOnce(), new AbortController().signal)
    const find = await nearby.named('moved.png')
    expect(await find(hashOf('a picture'))).toBe(join(folder, 'pictures', 'moved.png'))
    const linked = await nearby.named('0.txt')
    expect(await linked(hashOf(''))).toBe(join(folder, 'archive', '0.txt'))
  })

  it('are not looked for behind further links once that is cancelled', async () => {
    const folder = emptyFolder()
    for (let at = 0; at < 10; at++) await symlink('/nowhere', join(folder, `link ${at}`))
    const cancel = new AbortController()
    vi.mocked(stat).mockImplementationOnce(() => {
      cancel.abort()
      return Promise.reject(new Error('none'))
    })
    const finding = nearbyFiles([folder], hashEachOnce(), cancel.signal).named('moved.png')
    await expect(finding).rejects.toMatchObject({ name: 'AbortError' })
    expect(vi.mocked(stat).mock.calls.filter(([path]) => String(path).includes('link'))).toHaveLength(1)
  })
})
