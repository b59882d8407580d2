import { useEventListener } from '@vueuse/core'
import { importPasted } from '../actions/importPictures'
import { isDialogOpen } from '../actions/shortcuts'
import { whenStarted } from '../actions/startup'

/** Imports the pictures that are pasted, unless a dialog or a question is open. */
export function usePaste(): void {
  useEventListener(window, 'paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])]
    if (files.length === 0 || isDialogOpen()) return
    event.preventDefault()
    void whenStarted().then(() => importPasted(files))
  })
}
