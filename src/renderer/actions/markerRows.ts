import type { DocumentMarker } from '#shared/document'
import { usePlayer } from '../stores/player'
import type { ActionGroups, ActionRow } from './actionRows'
import { nudgeMarker, removeMarker, renameMarker } from './markers'

/** Returns the actions for a marker. */
export function markerRows(marker: DocumentMarker): ActionGroups {
  return [
    [
      { id: 'goTo', title: 'Go to the marker', run: () => usePlayer().seek(marker.frame) },
      { id: 'rename', title: 'Rename…', chord: { key: 'F2' }, run: () => renameMarker(marker) },
    ],
    moveRows(marker),
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

/** Returns the actions that move a marker: by a frame with the keys that move a stop by one, and by ten. */
function moveRows(marker: DocumentMarker): readonly ActionRow[] {
  const [isFirst, isLast] = [marker.frame <= 0, marker.frame >= usePlayer().last]
  return [
    {
      id: 'earlier',
      title: 'One frame earlier',
      chord: { key: 'ArrowLeft', alt: true, shift: true },
      disabled: isFirst,
      run: () => nudgeMarker(marker, -1),
    },
    {
      id: 'later',
      title: 'One frame later',
      chord: { key: 'ArrowRight', alt: true, shift: true },
      disabled: isLast,
      run: () => nudgeMarker(marker, 1),
    },
    {
      id: 'tenEarlier',
      title: 'Ten frames earlier',
      chord: { key: 'ArrowLeft', alt: true },
      disabled: isFirst,
      run: () => nudgeMarker(marker, -10),
    },
    {
      id: 'tenLater',
      title: 'Ten frames later',
      chord: { key: 'ArrowRight', alt: true },
      disabled: isLast,
      run: () => nudgeMarker(marker, 10),
    },
  ]
}
