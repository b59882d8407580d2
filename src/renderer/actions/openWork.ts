import { useNotices } from '../stores/notices'
import { useProject } from '../stores/project'

/**
 * Notes which work is open, for a task that reads something for this work and may end late.
 *
 * @returns a function that says whether that work, or a duplicate of it, is still open
 */
export function noteOpenWork(): () => boolean {
  const { opened } = useProject()
  return () => useProject().opened === opened
}

/**
 * The same for a task that adds files to the work. If other work is open when the function is called, it also
 * shows a notice that the files were not added.
 */
export function noteWorkToAddTo(): () => boolean {
  const isOpen = noteOpenWork()
  let told = false
  return () => {
    if (!isOpen() && !told) notifyNothingAdded()
    told = !isOpen()
    return isOpen()
  }
}

function notifyNothingAdded(): void {
  useNotices().show({
    title: 'Nothing was added to this project',
    detail: 'Another one was open when you added the files: add them again if they belong here.',
  })
}
