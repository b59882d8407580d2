import type { MenuItemConstructorOptions } from 'electron'
import { basename } from 'node:path'
import type { MenuCommand } from '#shared/app'

/** What the menu is made from. */
export interface MenuContext {
  readonly platform: NodeJS.Platform
  readonly developer: boolean
  readonly recentPictures: readonly string[]
  send(command: MenuCommand): void
  openPicture(path: string): void
  clearRecent(): void
}

type Item = MenuItemConstructorOptions

const separator: Item = { type: 'separator' }

/** The application menu: each command of the window once, and the standard roles of the platform. */
export function menuTemplate(context: MenuContext): Item[] {
  const menus = [
    fileMenu(context),
    editMenu(context),
    viewMenu(context),
    windowMenu(context),
    helpMenu(context),
  ]
  return context.platform === 'darwin' ? [appMenu(context), ...menus] : menus
}

function command({ send }: MenuContext, name: MenuCommand, label: string, accelerator?: string): Item {
  return { id: name, label, accelerator, click: () => send(name) }
}

/** A key that is a character too: shown, but left to the page, which knows whether someone is typing. */
function plainKey(context: MenuContext, name: MenuCommand, label: string, key: string): Item {
  const item = command(context, name, label)
  // macOS has no accelerators that are only shown.
  return context.platform === 'darwin' ? item : { ...item, accelerator: key, registerAccelerator: false }
}

function settings(context: MenuContext): Item {
  return command(context, 'showSettings', 'Settings…', 'CmdOrCtrl+,')
}

function showAbout(context: MenuContext): Item {
  return command(context, 'showAbout', 'About Slerp Studio')
}

function appMenu(context: MenuContext): Item {
  return {
    role: 'appMenu',
    submenu: [
      showAbout(context),
      separator,
      settings(context),
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  }
}

function recentMenu({ recentPictures, openPicture, clearRecent }: MenuContext): Item {
  const pictures = recentPictures.map((path): Item => ({
    label: basename(path),
    toolTip: path,
    click: () => openPicture(path),
  }))
  return {
    label: 'Open Recent',
    enabled: pictures.length > 0,
    submenu: [...pictures, separator, { label: 'Clear Recent', click: clearRecent }],
  }
}

function fileMenu(context: MenuContext): Item {
  const last: Item[] =
    context.platform === 'darwin' ? [{ role: 'close' }] : [settings(context), separator, { role: 'quit' }]
  return {
    label: '&File',
    submenu: [
      command(context, 'openPictures', 'Open Pictures…', 'CmdOrCtrl+O'),
      recentMenu(context),
      command(context, 'openModel', 'Open Model…', 'CmdOrCtrl+Shift+O'),
      command(context, 'showModels', 'Models…'),
      separator,
      command(context, 'encodeAll', 'Encode All', 'CmdOrCtrl+E'),
      command(context, 'export', 'Export…', 'CmdOrCtrl+Shift+S'),
      separator,
      ...last,
    ],
  }
}

function editMenu(context: MenuContext): Item {
  return {
    label: '&Edit',
    submenu: [
      command(context, 'undo', 'Undo', 'CmdOrCtrl+Z'),
      command(context, 'redo', 'Redo', context.platform === 'win32' ? 'Ctrl+Y' : 'CmdOrCtrl+Shift+Z'),
      separator,
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'selectAll' },
    ],
  }
}

function viewMenu(context: MenuContext): Item {
  const developerItems: Item[] = [separator, { role: 'reload' }, { role: 'toggleDevTools' }]
  return {
    label: '&View',
    submenu: [
      plainKey(context, 'showMorph', 'Morph', '1'),
      plainKey(context, 'showFidelity', 'Fidelity', '2'),
      plainKey(context, 'showLab', 'Lab', '3'),
      command(context, 'showLibrary', 'Library'),
      separator,
      plainKey(context, 'togglePlay', 'Play or Pause', 'Space'),
      separator,
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'togglefullscreen' },
      ...(context.developer ? developerItems : []),
    ],
  }
}

function windowMenu({ platform }: MenuContext): Item {
  const front: Item[] = platform === 'darwin' ? [separator, { role: 'front' }] : []
  return {
    label: '&Window',
    role: 'windowMenu',
    submenu: [{ role: 'minimize' }, { role: 'zoom' }, ...front],
  }
}

function helpMenu(context: MenuContext): Item {
  const about: Item[] = context.platform === 'darwin' ? [] : [separator, showAbout(context)]
  return {
    label: '&Help',
    role: 'help',
    submenu: [
      plainKey(context, 'showManual', 'Manual', 'F1'),
      plainKey(context, 'showKeyboard', 'Keyboard Shortcuts', '?'),
      separator,
      command(context, 'reportProblem', 'Report a Problem…'),
      command(context, 'showLogs', 'Show Log Folder'),
      separator,
      command(context, 'checkUpdates', 'Check for Updates'),
      ...about,
    ],
  }
}
