import { useEventListener } from '@vueuse/core'
import { importPasted } from '../actions/importPictures'
import { isDialogOpen } from '../actions/shortcuts'
import { whenStarted } from '../actions/startup'
import { pasteStops } from '../actions/stops'
import { useClipboard } from '../stores/clipboard'
import { useTimeline } from '../stores/timeline'
import { useWorkspace } from '../stores/workspace'

/**
 * Imports pasted pictures. If there are none, pastes copied or cut stops, provided that the timeline is empty:
 * in a timeline with stops, only a focused stop takes them. Does nothing while a dialog or a question is
 * open.
 */
export function usePaste(): void {
  useEventListener(window, 'paste', (event) => {
    if (isDialogOpen()) return
    const files = [...(event.clipboardData?.files ?? [])]
    if (files.length > 0) void whenStarted().then(() => importPasted(files))
    else if (takesStops(event.target)) pasteStops(0)
    else return
    event.preventDefault()
  })
}

function takesStops(target: EventTarget | null): boolean {
  if (useClipboard().stops === null || useTimeline().path.stops.length > 0) return false
  const isText = target instanceof Element && target.closest('input, textarea') !== null
  return useWorkspace().view === 'morph' && !isText
}
