import { useTimeline } from '../stores/timeline'
import { useWorkspace } from '../stores/workspace'
import { commandRow, type ActionGroups, type ActionRow } from './actionRows'

/** Returns the actions for the stage, depending on the view. */
export function stageRows(): ActionGroups {
  const { view } = useWorkspace()
  const views = (['showMorph', 'showFidelity', 'showLab', 'showExplore'] as const).map(commandRow)
  if (view !== 'morph' || useTimeline().total === 0) return [views, [commandRow('openPictures')]]
  return [
    (['togglePlay', 'firstFrame', 'lastFrame'] as const).map(commandRow),
    (['copyFrame', 'saveFrame', 'cycleEnlargement', 'export'] as const).map(commandRow),
    markRows(),
    views,
  ]
}

/** Returns the actions for the film at the playhead, for the ruler's menu. */
export function filmRows(): ActionGroups {
  return [
    (['copyFrame', 'saveFrame', 'export'] as const).map(commandRow),
    markRows(),
    (['zoomTimelineIn', 'zoomTimelineOut', 'fitTimeline'] as const).map(commandRow),
  ]
}

const markRows = (): ActionRow[] =>
  (['addMarker', 'workAreaStart', 'workAreaEnd', 'clearWorkArea'] as const).map(commandRow)
