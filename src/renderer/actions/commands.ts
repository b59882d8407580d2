import type { MenuCommand } from '#shared/app'
import { useEncoding } from '../stores/encoding'
import { useLayout } from '../stores/layout'
import { useLibrary } from '../stores/library'
import { usePlayer } from '../stores/player'
import { useTimeline } from '../stores/timeline'
import { useTimelineView } from '../stores/timelineView'
import { useViewing } from '../stores/viewing'
import { useWorkspace } from '../stores/workspace'
import { cancelWork } from './cancelWork'
import { checkUpdates, showLogs, showManual } from './help'
import { copyFrame, saveFrame } from './frame'
import { history } from './history'
import { openPictures } from './importPictures'
import { goToLibrary, searchLibrary } from './libraryFocus'
import { addMarker, clearWorkArea, setWorkAreaEnd } from './markers'
import { openModel } from './models'
import { chooseProject, newProject } from './project'
import {
  collectProject,
  duplicateProject,
  revertProject,
  saveProject,
  saveProjectAs,
  toggleKeepPictures,
} from './saveProject'

/** A command of the menu, the keyboard or a button. */
interface Command {
  readonly title: string
  readonly run: () => unknown
}

/** All commands, in the order in which the palette lists them. */
export const commands = {
  newProject: { title: 'New project', run: newProject },
  openProject: { title: 'Open project', run: chooseProject },
  saveProject: { title: 'Save', run: saveProject },
  saveProjectAs: { title: 'Save as', run: saveProjectAs },
  duplicateProject: { title: 'Duplicate', run: duplicateProject },
  revertProject: { title: 'Revert to saved', run: revertProject },
  collectProject: { title: 'Collect for another computer', run: collectProject },
  keepPictures: { title: 'Keep pictures in the project', run: toggleKeepPictures },
  addSeeds: { title: 'Add seeds', run: () => (useWorkspace().dialog = 'seeds') },
  openPictures: { title: 'Open pictures and latents', run: () => openPictures() },
  openModel: { title: 'Open model…', run: () => openModel() },
  showModels: { title: 'Models', run: () => (useWorkspace().dialog = 'models') },
  encodeAll: { title: 'Encode all pictures', run: () => useEncoding().enqueue(useLibrary().items) },
  export: { title: 'Export', run: () => (useWorkspace().dialog = 'export') },
  undo: { title: 'Undo', run: () => history.undo() },
  redo: { title: 'Redo', run: () => history.redo() },
  togglePlay: { title: 'Play or pause', run: () => usePlayer().toggle() },
  showKeyboard: { title: 'Keyboard shortcuts', run: () => (useWorkspace().dialog = 'keyboard') },
  showSettings: { title: 'Settings', run: () => (useWorkspace().dialog = 'settings') },
  showLibrary: { title: 'Go to the library', run: goToLibrary },
  showFidelity: { title: 'Fidelity view', run: () => (useWorkspace().view = 'fidelity') },
  showMorph: { title: 'Morph view', run: () => (useWorkspace().view = 'morph') },
  showLab: { title: 'Lab view', run: () => (useWorkspace().view = 'lab') },
  showExplore: { title: 'Explore view', run: () => (useWorkspace().view = 'explore') },
  showManual: { title: 'Manual', run: () => showManual() },
  reportProblem: { title: 'Report a problem', run: () => (useWorkspace().dialog = 'report') },
  showLogs: { title: 'Show log folder', run: showLogs },
  checkUpdates: { title: 'Check for updates', run: checkUpdates },
  showAbout: { title: 'About Slerp Studio', run: () => (useWorkspace().dialog = 'about') },
  pause: { title: 'Pause', run: () => usePlayer().pause() },
  playForwards: { title: 'Play forward, press again for faster', run: () => usePlayer().run(1) },
  playBackwards: { title: 'Play backward, press again for faster', run: () => usePlayer().run(-1) },
  previousFrame: { title: 'Previous frame', run: () => usePlayer().step(-1) },
  nextFrame: { title: 'Next frame', run: () => usePlayer().step(1) },
  previousTen: { title: 'Back 10 frames', run: () => usePlayer().step(-10) },
  nextTen: { title: 'Forward 10 frames', run: () => usePlayer().step(10) },
  previousStop: { title: 'Previous picture', run: () => usePlayer().seek(stopBeside(-1)) },
  nextStop: { title: 'Next picture', run: () => usePlayer().seek(stopBeside(1)) },
  firstFrame: { title: 'First frame', run: () => usePlayer().seek(0) },
  lastFrame: { title: 'Last frame', run: () => usePlayer().seek(usePlayer().last) },
  addMarker: { title: 'Add a marker', run: () => addMarker() },
  workAreaStart: { title: 'Start the work area here', run: () => setWorkAreaEnd('start') },
  workAreaEnd: { title: 'End the work area here', run: () => setWorkAreaEnd('end') },
  clearWorkArea: { title: 'Clear the work area', run: () => clearWorkArea() },
  zoomTimelineIn: { title: 'Zoom in on the timeline', run: () => useTimelineView().zoomBy(2) },
  zoomTimelineOut: { title: 'Zoom out of the timeline', run: () => useTimelineView().zoomBy(0.5) },
  fitTimeline: { title: 'Show the whole timeline', run: () => useTimelineView().fit() },
  cycleEnlargement: { title: 'Sharp, smooth or Lanczos pixels', run: () => useViewing().cycleEnlargement() },
  copyFrame: { title: 'Copy frame', run: () => copyFrame() },
  findInLibrary: { title: 'Search the library', run: searchLibrary },
  saveFrame: { title: 'Save frame…', run: () => saveFrame() },
  showMessages: { title: 'Messages', run: () => (useWorkspace().dialog = 'messages') },
  cancelWork: { title: 'Cancel the work that was started last', run: cancelWork },
  showPalette: { title: 'Search all commands', run: () => (useWorkspace().dialog = 'palette') },
  toggleLibrary: { title: 'Show or hide the library', run: () => useLayout().toggle('library') },
  toggleInspector: { title: 'Show or hide the inspector', run: () => useLayout().toggle('inspector') },
} satisfies Record<MenuCommand, Command> & Record<string, Command>

export type CommandId = keyof typeof commands

/** Runs a command from a key, a button or the menu. */
export function runCommand(command: CommandId): void {
  void commands[command].run()
}

function stopBeside(direction: 1 | -1): number {
  const { playhead, last } = usePlayer()
  const { stopsAt } = useTimeline()
  const beyond = stopsAt.filter((frame) => (direction > 0 ? frame > playhead : frame < playhead))
  return direction > 0 ? (beyond[0] ?? last) : (beyond.at(-1) ?? 0)
}
