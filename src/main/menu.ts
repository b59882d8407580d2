import type { MenuItemConstructorOptions } from 'electron'
import { basename, dirname } from 'node:path'
import type { MenuCommand, ProjectShown } from '#shared/app'

/** What the menu depends on. */
export interface MenuContext {
  readonly platform: NodeJS.Platform
  readonly developer: boolean
  readonly recentPictures: readonly string[]
  readonly recentProjects: readonly string[]
  /** What the window shows; null until it has reported it. */
  readonly project: ProjectShown | null
  send(command: MenuCommand): void
  /** Opens a picture or a project. */
  openFile(path: string): void
  clearRecent(): void
}

type Item = MenuItemConstructorOptions

const separator: Item = { type: 'separator' }

/** The application menu: each command of the window once, and the platform's standard roles. */
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

/** A shortcut that is also a character: shown, but handled by the page, which knows if the user is typing. */
function plainKey(context: MenuContext, name: MenuCommand, label: string, key: string): Item {
  const item = command(context, name, label)
  // macOS cannot show an accelerator without registering it.
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

/** Files of the same name are listed with their folders. */
function recentMenu({ recentPictures, recentProjects, openFile, clearRecent }: MenuContext): Item {
  const all = [...recentProjects, ...recentPictures]
  const isAlone = (path: string) => all.every((other) => other === path || basename(other) !== basename(path))
  const itemOf = (path: string): Item => ({
    label: isAlone(path) ? basename(path) : `${basename(path)} – ${dirname(path)}`,
    toolTip: path,
    click: () => openFile(path),
  })
  const projects = recentProjects.map(itemOf)
  const pictures = recentPictures.map(itemOf)
  const between = projects.length > 0 && pictures.length > 0 ? [separator] : []
  return {
    label: 'Open Recent',
    enabled: projects.length + pictures.length > 0,
    submenu: [...projects, ...between, ...pictures, separator, { label: 'Clear Recent', click: clearRecent }],
  }
}

function keepPictures(context: MenuContext): Item {
  return {
    ...command(context, 'keepPictures', 'Keep Pictures in the Project'),
    type: 'checkbox',
    checked: context.project?.keepPictures ?? true,
  }
}

function revert(context: MenuContext): Item {
  const { project } = context
  return {
    ...command(context, 'revertProject', 'Revert to Saved'),
    enabled: !!project?.dirty && project.path !== null,
  }
}

function fileMenu(context: MenuContext): Item {
  const last: Item[] =
    context.platform === 'darwin' ? [{ role: 'close' }] : [settings(context), separator, { role: 'quit' }]
  return {
    label: '&File',
    submenu: [
      command(context, 'newProject', 'New', 'CmdOrCtrl+N'),
      command(context, 'openProject', 'Open…', 'CmdOrCtrl+O'),
      recentMenu(context),
      separator,
      command(context, 'saveProject', 'Save', 'CmdOrCtrl+S'),
      command(context, 'saveProjectAs', 'Save As…', 'CmdOrCtrl+Shift+S'),
      command(context, 'duplicateProject', 'Duplicate'),
      command(context, 'collectProject', 'Collect for Another Computer…'),
      revert(context),
      keepPictures(context),
      separator,
      command(context, 'openPictures', 'Open Pictures and Latents…', 'CmdOrCtrl+I'),
      command(context, 'addSeeds', 'Add Seeds…'),
      command(context, 'openModel', 'Open Model…', 'CmdOrCtrl+Shift+O'),
      command(context, 'showModels', 'Models…'),
      separator,
      command(context, 'encodeAll', 'Encode All', 'CmdOrCtrl+E'),
      command(context, 'export', 'Export…', 'CmdOrCtrl+Shift+E'),
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
      plainKey(context, 'showExplore', 'Explore', '4'),
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
      command(context, 'showPalette', 'Search All Commands…', 'CmdOrCtrl+K'),
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
