import type { Clipboard, NativeImage, Shell, WebContents } from 'electron'
import { stat } from 'node:fs/promises'
import { StudioError } from '#shared/errors'
import { explained } from '#files/fileErrors'
import { writeDragged } from './draggedPictures'
import type { HandlersOf } from './handlers'

export interface ShellHandlerParts {
  readonly shell: Pick<Shell, 'showItemInFolder' | 'openPath'>
  readonly clipboard: Pick<Clipboard, 'writeText'>
  /** Decodes a PNG file; gives an empty image for anything else. */
  readonly openImage: (png: Buffer) => NativeImage
  readonly webContents: Pick<WebContents, 'startDrag'>
  /** Path of the engine's log. */
  readonly log: string
  /** Folder of pictures that are dragged out of the window. */
  readonly draggedFolder: string
}

/** Height of the drag image, in pixels. */
const iconSide = 96

/** Services of the desktop for the window: showing files, copying text, dragging pictures out. */
export function shellHandlers(parts: ShellHandlerParts): HandlersOf<'shell'> {
  const { shell, clipboard, log } = parts
  return {
    async 'shell.reveal'({ path }) {
      await explained(path, 'read', () => stat(path))
      shell.showItemInFolder(path)
      return null
    },

    async 'shell.openLog'() {
      await explained(log, 'read', () => stat(log))
      const failure = await shell.openPath(log)
      if (failure)
        throw new StudioError('UNREADABLE', `"${log}" couldn’t be opened: ${failure}`, { path: log })
      return null
    },

    async 'shell.copyText'({ text }) {
      await clipboard.writeText(text)
      return null
    },

    'shell.dragPicture': ({ png, name }) => dragPicture(parts, png, name),
  }
}

async function dragPicture(parts: ShellHandlerParts, png: Uint8Array, name: string): Promise<null> {
  const image = parts.openImage(Buffer.from(png))
  if (image.isEmpty()) throw new StudioError('BAD_INPUT', 'These bytes are no PNG picture.')
  const file = await writeDragged(parts.draggedFolder, name, png)
  parts.webContents.startDrag({ file, icon: image.resize({ height: iconSide }) })
  return null
}
