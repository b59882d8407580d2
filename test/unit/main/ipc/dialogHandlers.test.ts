import type { BrowserWindow, Dialog } from 'electron'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dialogHandlers } from '../../../../src/main/ipc/dialogHandlers'
import { exportFormatRows, type ExportFormat } from '#shared/exportFormats'
import { WriteGrants } from '../../../../src/main/WriteGrants'

const context = { requestId: 'id', signal: new AbortController().signal }

describe('dialog.saveExport', () => {
  let folder: string
  let grants: WriteGrants
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dialogs-'))
    grants = new WriteGrants()
  })
  afterEach(() => rm(folder, { recursive: true }))

  function save(filePath: string, format: ExportFormat, button = 0): Promise<string | null> {
    const dialog = {
      showSaveDialog: async () => ({ canceled: filePath === '', filePath }),
      showMessageBox: async () => ({ response: button }),
    } as unknown as Dialog
    const handlers = dialogHandlers({ dialog, window: {} as BrowserWindow, grants, picturesFolder: folder })
    return handlers['dialog.saveExport']({ format, name: 'morph' }, context)
  }

  it('answers null and grants nothing when cancelled', async () => {
    expect(await save('', 'gif')).toBeNull()
    expect(() => grants.require(join(folder, 'morph.gif'))).toThrow()
  })

  it('adds the ending a person left out, and grants that path', async () => {
    const path = join(folder, 'morph.gif')
    expect(await save(join(folder, 'morph'), 'gif')).toBe(path)
    expect(() => grants.require(path)).not.toThrow()
  })

  it('leaves an ending in capitals, and a folder without one', async () => {
    expect(await save(join(folder, 'morph.GIF'), 'gif')).toBe(join(folder, 'morph.GIF'))
    expect(await save(join(folder, 'frames'), 'png')).toBe(join(folder, 'frames'))
  })

  it('takes either ending of an animated PNG, and adds the one that viewers know', async () => {
    expect(await save(join(folder, 'morph.apng'), 'apng')).toBe(join(folder, 'morph.apng'))
    expect(await save(join(folder, 'morph'), 'apng')).toBe(join(folder, 'morph.png'))
  })

  it.each(exportFormatRows)(
    'adds the first ending of $id, and takes each of its endings (would catch a WebM saved as .mp4)',
    async ({ id, endings }) => {
      const [ending = ''] = endings
      const path = join(folder, ending === '' ? 'morph' : `morph.${ending}`)
      expect(await save(join(folder, 'morph'), id)).toBe(path)
      for (const one of endings) {
        expect(await save(join(folder, `morph.${one}`), id)).toBe(join(folder, `morph.${one}`))
      }
    },
  )

  it('proposes a name in its own folder that a file system takes (would catch one of 452 bytes)', async () => {
    let proposed = ''
    const dialog = {
      showSaveDialog: async (_window: unknown, { defaultPath }: { defaultPath: string }) => {
        proposed = defaultPath
        return { canceled: true, filePath: '' }
      },
    } as unknown as Dialog
    const handlers = dialogHandlers({ dialog, window: {} as BrowserWindow, grants, picturesFolder: folder })
    const name = `../${'x'.repeat(222)} to ${'y'.repeat(222)}`
    await handlers['dialog.saveExport']({ format: 'gif', name }, context)
    expect(dirname(proposed)).toBe(folder)
    expect(basename(proposed)).toHaveLength(255)
    expect(proposed.endsWith('.gif')).toBe(true)
  })

  it('asks before the ending it added makes a person replace a file they did not name', async () => {
    await writeFile(join(folder, 'morph.gif'), 'old')
    expect(await save(join(folder, 'morph'), 'gif', 0)).toBeNull()
    expect(await save(join(folder, 'morph'), 'gif', 1)).toBe(join(folder, 'morph.gif'))
  })
})

describe('dialog.openStudy', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dialogs-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  function open(grants: WriteGrants, filePaths: string[]): Promise<string | null> {
    const dialog = { showOpenDialog: async () => ({ canceled: false, filePaths }) } as unknown as Dialog
    const handlers = dialogHandlers({ dialog, window: {} as BrowserWindow, grants, picturesFolder: folder })
    return handlers['dialog.openStudy']({}, context)
  }

  it('lets a study be gone on with, and no other folder be written to', async () => {
    const grants = new WriteGrants()
    expect(await open(grants, [folder])).toBe(folder)
    expect(() => grants.require(folder)).toThrow()
    await writeFile(join(folder, 'journal.jsonl'), '')
    expect(await open(grants, [folder])).toBe(folder)
    expect(() => grants.require(folder)).not.toThrow()
  })

  it('answers null when cancelled', async () => {
    expect(await open(new WriteGrants(), [])).toBeNull()
  })
})

it('begins to open where the last dialog of that kind ended (would catch the downloads each time)', async () => {
  const begun: (string | undefined)[] = []
  const dialog = {
    showOpenDialog: async (_window: unknown, { defaultPath }: { defaultPath?: string }) => {
      begun.push(defaultPath)
      return { canceled: false, filePaths: [join('/pictures/fruit', `${begun.length}.png`)] }
    },
  } as unknown as Dialog
  const parts = {
    dialog,
    window: {} as BrowserWindow,
    grants: new WriteGrants(),
    picturesFolder: '/pictures',
  }
  const handlers = dialogHandlers(parts)
  await handlers['dialog.openPictures']({ folders: false }, context)
  await handlers['dialog.openPictures']({ folders: false }, context)
  await handlers['dialog.openModel']({ file: true }, context)
  expect(begun).toEqual([undefined, '/pictures/fruit', undefined])
})
