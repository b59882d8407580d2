import { useNotices } from '../stores/notices'
import { useProject } from '../stores/project'

/**
 * Returns a function that says whether the work that is open now, or a duplicate of it, still is, for what is read
 * for it and may end late.
 */
export function noteOpenWork(): () => boolean {
  const { opened } = useProject()
  return () => useProject().opened === opened
}

/** The same for files that are added to the work: a message says that they were not, once other work is open. */
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
