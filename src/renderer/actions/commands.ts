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

/** The commands of the menu and the keyboard. */
export type CommandId =
  | MenuCommand
  | 'pause'
  | 'playForwards'
  | 'playBackwards'
  | 'previousFrame'
  | 'nextFrame'
  | 'previousTen'
  | 'nextTen'
  | 'previousStop'
  | 'nextStop'
  | 'firstFrame'
  | 'lastFrame'
  | 'addMarker'
  | 'workAreaStart'
  | 'workAreaEnd'
  | 'clearWorkArea'
  | 'zoomTimelineIn'
  | 'zoomTimelineOut'
  | 'fitTimeline'
  | 'cycleEnlargement'
  | 'copyFrame'
  | 'findInLibrary'
  | 'saveFrame'
  | 'cancelWork'
  | 'toggleLibrary'
  | 'showMessages'
  | 'toggleInspector'

/** The title of each command. */
export const commandTitles: Record<CommandId, string> = {
  newProject: 'New project',
  openProject: 'Open project',
  saveProject: 'Save',
  saveProjectAs: 'Save as',
  duplicateProject: 'Duplicate',
  revertProject: 'Revert to saved',
  collectProject: 'Collect for another computer',
  keepPictures: 'Keep pictures in the project',
  addSeeds: 'Add seeds',
  openPictures: 'Open pictures and latents',
  openModel: 'Open model…',
  showModels: 'Models',
  encodeAll: 'Encode all pictures',
  export: 'Export',
  undo: 'Undo',
  redo: 'Redo',
  togglePlay: 'Play or pause',
  showKeyboard: 'Keyboard shortcuts',
  showSettings: 'Settings',
  showLibrary: 'Go to the library',
  showFidelity: 'Fidelity view',
  showMorph: 'Morph view',
  showLab: 'Lab view',
  showExplore: 'Explore view',
  showManual: 'Manual',
  reportProblem: 'Report a problem',
  showLogs: 'Show log folder',
  checkUpdates: 'Check for updates',
  showAbout: 'About Slerp Studio',
  pause: 'Pause',
  playForwards: 'Play forward, press again for faster',
  playBackwards: 'Play backward, press again for faster',
  previousFrame: 'Previous frame',
  nextFrame: 'Next frame',
  previousTen: 'Back 10 frames',
  nextTen: 'Forward 10 frames',
  previousStop: 'Previous picture',
  nextStop: 'Next picture',
  firstFrame: 'First frame',
  lastFrame: 'Last frame',
  addMarker: 'Add a marker',
  workAreaStart: 'Start the work area here',
  workAreaEnd: 'End the work area here',
  clearWorkArea: 'Clear the work area',
  zoomTimelineIn: 'Zoom in on the timeline',
  zoomTimelineOut: 'Zoom out of the timeline',
  fitTimeline: 'Show the whole timeline',
  cycleEnlargement: 'Sharp, smooth or Lanczos pixels',
  copyFrame: 'Copy frame',
  findInLibrary: 'Search the library',
  saveFrame: 'Save frame…',
  showMessages: 'Messages',
  cancelWork: 'Cancel the work that was started last',
  showPalette: 'Search all commands',
  toggleLibrary: 'Show or hide the library',
  toggleInspector: 'Show or hide the inspector',
}

/** Runs a command from a key, a button or the menu. */
export function runCommand(command: CommandId): void {
  void (applicationCommands[command] ?? playerCommands[command])?.()
}

const applicationCommands: Partial<Record<CommandId, () => unknown>> = {
  newProject,
  openProject: chooseProject,
  saveProject,
  saveProjectAs,
  duplicateProject,
  revertProject,
  collectProject,
  keepPictures: toggleKeepPictures,
  addSeeds: () => (useWorkspace().dialog = 'seeds'),
  openPictures: () => openPictures(),
  openModel: () => openModel(),
  showModels: () => (useWorkspace().dialog = 'models'),
  encodeAll: () => useEncoding().enqueue(useLibrary().items),
  export: () => (useWorkspace().dialog = 'export'),
  undo: () => history.undo(),
  redo: () => history.redo(),
  showKeyboard: () => (useWorkspace().dialog = 'keyboard'),
  showSettings: () => (useWorkspace().dialog = 'settings'),
  showLibrary: goToLibrary,
  showFidelity: () => (useWorkspace().view = 'fidelity'),
  showMorph: () => (useWorkspace().view = 'morph'),
  showLab: () => (useWorkspace().view = 'lab'),
  showExplore: () => (useWorkspace().view = 'explore'),
  showManual: () => showManual(),
  reportProblem: () => (useWorkspace().dialog = 'report'),
  showLogs,
  checkUpdates,
  showAbout: () => (useWorkspace().dialog = 'about'),
  cycleEnlargement: () => useViewing().cycleEnlargement(),
  copyFrame: () => copyFrame(),
  findInLibrary: searchLibrary,
  saveFrame: () => saveFrame(),
  cancelWork,
  showMessages: () => (useWorkspace().dialog = 'messages'),
  showPalette: () => (useWorkspace().dialog = 'palette'),
  toggleLibrary: () => useLayout().toggle('library'),
  toggleInspector: () => useLayout().toggle('inspector'),
}

const playerCommands: Partial<Record<CommandId, () => unknown>> = {
  togglePlay: () => usePlayer().toggle(),
  pause: () => usePlayer().pause(),
  playForwards: () => usePlayer().run(1),
  playBackwards: () => usePlayer().run(-1),
  previousFrame: () => usePlayer().step(-1),
  nextFrame: () => usePlayer().step(1),
  previousTen: () => usePlayer().step(-10),
  nextTen: () => usePlayer().step(10),
  previousStop: () => usePlayer().seek(stopBeside(-1)),
  nextStop: () => usePlayer().seek(stopBeside(1)),
  firstFrame: () => usePlayer().seek(0),
  lastFrame: () => usePlayer().seek(usePlayer().last),
  addMarker: () => addMarker(),
  workAreaStart: () => setWorkAreaEnd('start'),
  workAreaEnd: () => setWorkAreaEnd('end'),
  clearWorkArea: () => clearWorkArea(),
  zoomTimelineIn: () => useTimelineView().zoomBy(2),
  zoomTimelineOut: () => useTimelineView().zoomBy(0.5),
  fitTimeline: () => useTimelineView().fit(),
}

function stopBeside(direction: 1 | -1): number {
  const { playhead, last } = usePlayer()
  const { stopsAt } = useTimeline()
  const beyond = stopsAt.filter((frame) => (direction > 0 ? frame > playhead : frame < playhead))
  return direction > 0 ? (beyond[0] ?? last) : (beyond.at(-1) ?? 0)
}
