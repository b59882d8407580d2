import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

it('listens to no signal before a folder is locked (would catch a Ctrl-C that the packaged command line does not hear)', async () => {
  const count = (): number => process.listenerCount('SIGINT')
  const before = count()
  const { lockFolder } = await import('#files/folderLock')
  await import('#host/client')
  expect(count()).toBe(before)
  const folder = mkdtempSync(join(tmpdir(), 'lock-'))
  await (await lockFolder(folder, folder)).release()
  expect(count()).toBe(before + 1)
})
