import { isPicture } from '../stores/library'
import { useClipboard } from '../stores/clipboard'
import { useSelection } from '../stores/selection'
import { useTimeline } from '../stores/timeline'
import { useWorkspace } from '../stores/workspace'
import type { ActionGroups } from './actionRows'
import { editPictureFit } from './pictureEdits'
import { copyStops, duplicateStops, holdStop, moveStopBy, nudgeStops, pasteStops, removeStops } from './stops'

/** Returns the actions for a stop, or for the whole selection if the stop is part of it. */
export function stopRows(position: number): ActionGroups {
  const timeline = useTimeline()
  const selection = useSelection()
  const item = timeline.items[position]
  if (!item) return []
  const stops = selection.stops.includes(position) ? selection.stops : [position]
  const many = stops.length > 1
  const last = timeline.path.stops.length - 1
  const these = many ? `${stops.length} stops` : 'stop'
  return [
    [
      {
        id: 'rename',
        title: 'Rename…',
        chord: { key: 'F2' },
        disabled: many,
        run: () => (selection.renaming = timeline.path.stops[position].id),
      },
      ...(isPicture(item)
        ? [
            { id: 'crop', title: 'Crop and fit…', chord: { key: 'c' }, run: () => editPictureFit(item) },
            {
              id: 'compare',
              title: 'Compare with the source',
              run: () => {
                selection.selectStops([position])
                useWorkspace().view = 'fidelity'
              },
            },
          ]
        : []),
    ],
    [
      { id: 'cut', title: `Cut ${these}`, chord: { key: 'x', mod: true }, run: () => cut(stops) },
      { id: 'copy', title: `Copy ${these}`, chord: { key: 'c', mod: true }, run: () => copyStops(stops) },
      {
        id: 'paste',
        title: 'Paste after',
        chord: { key: 'v', mod: true },
        disabled: useClipboard().stops === null,
        run: () => pasteStops(stops[stops.length - 1] + 1),
      },
      {
        id: 'duplicate',
        title: `Duplicate ${these}`,
        chord: { key: 'd', mod: true },
        run: () => duplicateStops(stops),
      },
    ],
    [
      { id: 'hold', title: 'Hold here', chord: { key: 'h' }, disabled: many, run: () => holdStop(position) },
      {
        id: 'moveLeft',
        title: 'Move before the stop to the left',
        chord: { key: 'ArrowLeft', alt: true },
        disabled: many || position === 0,
        run: () => moveStopBy(position, -1),
      },
      {
        id: 'moveRight',
        title: 'Move after the stop to the right',
        chord: { key: 'ArrowRight', alt: true },
        disabled: many || position === last,
        run: () => moveStopBy(position, 1),
      },
      {
        id: 'earlier',
        title: 'One frame earlier',
        chord: { key: 'ArrowLeft', alt: true, shift: true },
        disabled: stops.includes(0),
        run: () => nudgeStops(stops, -1),
      },
      {
        id: 'later',
        title: 'One frame later',
        chord: { key: 'ArrowRight', alt: true, shift: true },
        disabled: stops.includes(0),
        run: () => nudgeStops(stops, 1),
      },
    ],
    [
      {
        id: 'remove',
        title: many ? `Remove ${these} from the timeline` : 'Remove from timeline',
        chord: { key: 'Delete' },
        run: () => removeStops(stops),
      },
    ],
  ]
}

function cut(stops: readonly number[]): void {
  copyStops(stops)
  removeStops(stops)
}
