import { useTimeline } from '../stores/timeline'
import { useWorkspace } from '../stores/workspace'
import { commandRow, type ActionGroups } from './actionRows'

/** What can be done with the stage, by the view that it shows. */
export function stageRows(): ActionGroups {
  const { view } = useWorkspace()
  const views = (['showMorph', 'showFidelity', 'showLab', 'showExplore'] as const).map(commandRow)
  if (view !== 'morph' || useTimeline().total === 0) return [views, [commandRow('openPictures')]]
  return [
    (['togglePlay', 'firstFrame', 'lastFrame'] as const).map(commandRow),
    (['copyFrame', 'saveFrame', 'cycleEnlargement', 'export'] as const).map(commandRow),
    (['addMarker', 'workAreaStart', 'workAreaEnd', 'clearWorkArea'] as const).map(commandRow),
    views,
  ]
}
