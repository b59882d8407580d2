import type { BrowserWindow, Dialog, OpenDialogOptions } from 'electron'
import { existsSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { exportFormat } from '#shared/exportFormats'
import { journalName } from '#shared/lab'
import {
  latentExtensions,
  modelExtensions,
  pictureExtensions,
  projectEnding,
  videoExtensions,
} from '#shared/fileKinds'
import { fitFileName, plainStem } from '#files/fileName'
import { askToSave } from '../saveQuestion'
import type { WriteGrants } from '../WriteGrants'
import type { HandlersOf } from './handlers'

export interface DialogHandlerParts {
  readonly dialog: Dialog
  readonly window: BrowserWindow
  readonly grants: WriteGrants
  /** Where the first save dialog starts. */
  readonly picturesFolder: string
}

/** The system's file dialogs. A path that the user chooses for writing is then granted to the window. */
export function dialogHandlers(parts: DialogHandlerParts): HandlersOf<'dialog'> {
  const { dialog, window } = parts
  const askToOpen = openDialogs(parts)
  return {
    async 'dialog.openPictures'({ folders }) {
      const filePaths = await askToOpen('pictures', {
        title: folders ? 'Open folders of pictures' : 'Open pictures',
        properties: [folders ? 'openDirectory' : 'openFile', 'multiSelections'],
        filters: folders
          ? []
          : [
              {
                name: 'Pictures, latents and exports',
                extensions: [...pictureExtensions, ...latentExtensions, ...videoExtensions],
              },
              everyFile,
            ],
      })
      return filePaths
    },

    async 'dialog.openModel'({ file }) {
      const filePaths = await askToOpen('models', {
        title: file ? 'Open a model file' : 'Open a model folder',
        properties: [file ? 'openFile' : 'openDirectory'],
        filters: file ? [{ name: 'Graphs and weights', extensions: modelExtensions }, everyFile] : [],
      })
      return filePaths[0] ?? null
    },

    'dialog.saveExport': ({ format, name }) => {
      const { title, endings } = exportFormat(format)
      return askWhereToSave(parts, title, name, endings)
    },

    'dialog.saveChart': ({ name }) => askWhereToSave(parts, 'Chart', name, ['svg']),

    'dialog.saveStudy': ({ name }) => askWhereToSave(parts, 'Study', name, []),

    async 'dialog.openStudy'() {
      const filePaths = await askToOpen('studies', {
        title: 'Open a study',
        properties: ['openDirectory'],
      })
      const folder = filePaths[0] ?? null
      if (folder !== null && existsSync(join(folder, journalName))) parts.grants.grant(folder)
      return folder
    },

    async 'dialog.saveLatents'({ names }) {
      const filePaths = await askToOpen('latents', {
        title: 'Save latents into a folder',
        properties: ['openDirectory', 'createDirectory'],
      })
      const folder = filePaths[0]
      if (folder === undefined) return null
      const paths = distinctNames(names, '.safetensors').map((name) => join(folder, name))
      for (const path of paths) parts.grants.grant(path)
      return paths
    },

    async 'dialog.openCertificate'() {
      const filePaths = await askToOpen('certificates', {
        title: 'Choose a certificate authority',
        properties: ['openFile'],
        filters: [{ name: 'Certificates', extensions: ['pem', 'crt', 'cer'] }, everyFile],
      })
      return filePaths[0] ?? null
    },

    async 'dialog.openProject'() {
      const filePaths = await askToOpen('projects', {
        title: 'Open a project',
        properties: ['openFile'],
        filters: [{ name: 'Projects', extensions: [projectEnding] }, everyFile],
      })
      return filePaths[0] ?? null
    },

    'dialog.saveProject': ({ name }) => askWhereToSave(parts, 'Project', name, [projectEnding]),

    async 'dialog.locate'({ name }) {
      const filePaths = await askToOpen('pictures', {
        title: `Where is ${name}?`,
        properties: ['openFile'],
      })
      return filePaths[0] ?? null
    },

    'dialog.unsaved': ({ name }) => askToSave(dialog, window, name),

    'dialog.saveLatent': ({ name }) => askWhereToSave(parts, 'Latent', name, ['safetensors', 'npy']),
  }
}

/**
 * Open dialogs start in the folder where the last one of their kind ended; Electron 43 and later would start
 * in the downloads folder each time.
 */
function openDialogs({ dialog, window }: Pick<DialogHandlerParts, 'dialog' | 'window'>) {
  const folders = new Map<string, string>()
  return async (kind: string, options: OpenDialogOptions): Promise<string[]> => {
    const defaultPath = folders.get(kind)
    const { filePaths } = await dialog.showOpenDialog(window, {
      ...options,
      ...(defaultPath && { defaultPath }),
    })
    if (filePaths.length > 0) folders.set(kind, dirname(filePaths[0]))
    return filePaths
  }
}

/**
 * Turns names, several of which may be the same, into file names that no file system takes for the same one:
 * some ignore case or how accents are written, and long names are the same once they are truncated.
 */
function distinctNames(names: readonly string[], ending: string): string[] {
  const taken = new Set<string>()
  const asCompared = (name: string): string => name.normalize('NFC').toLowerCase()
  return names.map((name) => {
    const plain = plainStem(name, 'Latent')
    let distinct = fitFileName(plain, ending)
    for (let number = 2; taken.has(asCompared(distinct)); number++) {
      distinct = fitFileName(plain, ` ${number}${ending}`)
    }
    taken.add(asCompared(distinct))
    return distinct
  })
}

const everyFile = { name: 'All files', extensions: ['*'] }

/**
 * Asks for a path to write to. Only GTK's dialog does not add the file extension, so the first of `endings`
 * is added to a name that has none of them; a folder has no endings.
 */
async function askWhereToSave(
  { dialog, window, grants, picturesFolder }: DialogHandlerParts,
  what: string,
  name: string,
  endings: readonly string[],
): Promise<string | null> {
  const withEnding = (path: string): string =>
    endings.length === 0 || endings.includes(extname(path).slice(1).toLowerCase())
      ? path
      : `${path}.${endings[0]}`
  const { filePath } = await dialog.showSaveDialog(window, {
    title: `Save ${what}`,
    // The window proposes a name but no folder: a compromised page could otherwise lead the dialog anywhere.
    defaultPath: join(picturesFolder, defaultName(plainStem(name, what), endings)),
    filters: endings.map((ending, i) => ({ name: i === 0 ? what : ending, extensions: [ending] })),
  })
  if (!filePath) return null
  const path = withEnding(filePath)
  // The dialog asked about the name as typed; the user has not agreed to replace the one with the ending.
  if (path !== filePath && existsSync(path) && !(await confirmReplace(dialog, window, path))) return null
  grants.grant(path)
  return path
}

/** The initial name in a save dialog. */
function defaultName(stem: string, endings: readonly string[]): string {
  return fitFileName(stem, endings.length === 0 ? '' : `.${endings[0]}`)
}

async function confirmReplace(dialog: Dialog, window: BrowserWindow, path: string): Promise<boolean> {
  const buttons = ['Cancel', 'Replace']
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: `"${path}" exists already. Replace it?`,
    buttons,
    defaultId: 0,
    cancelId: 0,
  })
  return buttons[response] === 'Replace'
}
