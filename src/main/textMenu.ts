import { Menu, type BrowserWindow, type ContextMenuParams, type MenuItemConstructorOptions } from 'electron'

/** Where a context menu opens: a text field or selected text. */
type TextPlace = Pick<ContextMenuParams, 'isEditable' | 'selectionText' | 'editFlags'>

/** The context menu of a text field or of selected text, with the platform's roles; otherwise empty. */
export function textMenuTemplate({
  isEditable,
  selectionText,
  editFlags,
}: TextPlace): MenuItemConstructorOptions[] {
  if (!isEditable) return selectionText.trim() === '' ? [] : [{ role: 'copy' }]
  return [
    { role: 'undo', enabled: editFlags.canUndo },
    { role: 'redo', enabled: editFlags.canRedo },
    { type: 'separator' },
    { role: 'cut', enabled: editFlags.canCut },
    { role: 'copy', enabled: editFlags.canCopy },
    { role: 'paste', enabled: editFlags.canPaste },
    { type: 'separator' },
    { role: 'selectAll', enabled: editFlags.canSelectAll },
  ]
}

/** Gives text fields a context menu. The page draws all others, and this event is then not sent. */
export function offerTextMenu(window: BrowserWindow): void {
  window.webContents.on('context-menu', (_event, params) => {
    const template = textMenuTemplate(params)
    if (template.length > 0) Menu.buildFromTemplate(template).popup({ window })
  })
}
