import type { DocumentMarker } from '#shared/document'
import { usePlayer } from '../stores/player'
import type { ActionGroups } from './actionRows'
import { removeMarker, renameMarker } from './markers'

/** Returns the actions for a marker. */
export function markerRows(marker: DocumentMarker): ActionGroups {
  return [
    [
      { id: 'goTo', title: 'Go to the marker', run: () => usePlayer().seek(marker.frame) },
      { id: 'rename', title: 'Rename…', chord: { key: 'F2' }, run: () => renameMarker(marker) },
    ],
    [
      {
        id: 'remove',
        title: 'Remove marker',
        chord: { key: 'Delete' },
        run: () => removeMarker(marker),
      },
    ],
  ]
}
