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

  it('adds a missing ending and grants the resulting path', async () => {
    const path = join(folder, 'morph.gif')
    expect(await save(join(folder, 'morph'), 'gif')).toBe(path)
    expect(() => grants.require(path)).not.toThrow()
  })

  it('keeps an ending in capitals, and adds none to a folder', async () => {
    expect(await save(join(folder, 'morph.GIF'), 'gif')).toBe(join(folder, 'morph.GIF'))
    expect(await save(join(folder, 'frames'), 'png')).toBe(join(folder, 'frames'))
  })

  it('keeps the ending .apng of an animated PNG, but adds .png, which viewers know, if there is none', async () => {
    expect(await save(join(folder, 'morph.apng'), 'apng')).toBe(join(folder, 'morph.apng'))
    expect(await save(join(folder, 'morph'), 'apng')).toBe(join(folder, 'morph.png'))
  })

  it.each(exportFormatRows)(
    'adds the first ending of $id if there is none, and accepts each of its endings (would catch a WebM saved as .mp4)',
    async ({ id, endings }) => {
      const [ending = ''] = endings
      const path = join(folder, ending === '' ? 'morph' : `morph.${ending}`)
      expect(await save(join(folder, 'morph'), id)).toBe(path)
      for (const one of endings) {
        expect(await save(join(folder, `morph.${one}`), id)).toBe(join(folder, `morph.${one}`))
      }
    },
  )

  async function proposalFor(format: ExportFormat, name: string): Promise<string> {
    let proposed = ''
    const dialog = {
      showSaveDialog: async (_window: unknown, { defaultPath }: { defaultPath: string }) => {
        proposed = defaultPath
        return { canceled: true, filePath: '' }
      },
    } as unknown as Dialog
    const handlers = dialogHandlers({ dialog, window: {} as BrowserWindow, grants, picturesFolder: folder })
    await handlers['dialog.saveExport']({ format, name }, context)
    return proposed
  }

  it.each([
    ['gif', 'before/after to nul', 'before after to nul.gif'],
    ['still', 'aux', '_aux.png'],
    ['png', '..', 'PNG sequence'],
  ] as const)(
    'proposes a name for %s that is valid on every system, not %j',
    async (format, name, expected) => {
      expect(await proposalFor(format, name)).toBe(join(folder, expected))
    },
  )

  it('proposes a name in the pictures folder that a file system accepts (would catch a name of 452 bytes)', async () => {
    const proposed = await proposalFor('gif', `../${'x'.repeat(222)} to ${'y'.repeat(222)}`)
    expect(dirname(proposed)).toBe(folder)
    expect(basename(proposed)).toHaveLength(255)
    expect(proposed.endsWith('.gif')).toBe(true)
  })

  it('asks before replacing a file whose name the user typed without its ending', async () => {
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

  it('allows writing to a chosen folder only if it contains a study to resume', async () => {
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

it.each([
  [['/etc/ssl/ours.pem'], '/etc/ssl/ours.pem'],
  [[], null],
])(
  'dialog.openCertificate answers the chosen file, or null when cancelled: %j',
  async (filePaths, answer) => {
    const dialog = { showOpenDialog: async () => ({ canceled: filePaths.length === 0, filePaths }) }
    const grants = new WriteGrants()
    const handlers = dialogHandlers({
      dialog: dialog as unknown as Dialog,
      window: {} as BrowserWindow,
      grants,
      picturesFolder: '/pictures',
    })
    expect(await handlers['dialog.openCertificate']({}, context)).toBe(answer)
    expect(() => grants.require('/etc/ssl/ours.pem')).toThrow()
  },
)

describe('dialog.saveLatents', () => {
  async function pathsOf(...names: string[]): Promise<string[]> {
    const dialog = { showOpenDialog: async () => ({ canceled: false, filePaths: ['/latents'] }) }
    const handlers = dialogHandlers({
      dialog: dialog as unknown as Dialog,
      window: {} as BrowserWindow,
      grants: new WriteGrants(),
      picturesFolder: '/pictures',
    })
    return (await handlers['dialog.saveLatents']({ names }, context))!.map((path) => basename(path))
  }

  it('numbers items of equal names, in whatever case', async () => {
    expect(await pathsOf('Fig', 'fig', 'Kiwi', 'Fig')).toEqual([
      'Fig.safetensors',
      'fig 2.safetensors',
      'Kiwi.safetensors',
      'Fig 3.safetensors',
    ])
  })

  it('keeps names apart that begin alike and are too long (would catch one latent saved over another)', async () => {
    const long = 'x'.repeat(300)
    const names = await pathsOf(long, `${long} too`, long)
    expect(names).toEqual([
      `${'x'.repeat(243)}.safetensors`,
      `${'x'.repeat(241)} 2.safetensors`,
      `${'x'.repeat(241)} 3.safetensors`,
    ])
  })

  it('keeps names apart that differ only in how an accent is written, which a Mac does not tell apart', async () => {
    expect(await pathsOf('caf\u00e9', 'cafe\u0301')).toEqual([
      'caf\u00e9.safetensors',
      'cafe\u0301 2.safetensors',
    ])
  })
})

it('opens each dialog in the folder chosen in the last dialog of its kind (would catch one that always opens in Downloads)', async () => {
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
