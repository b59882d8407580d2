import { request } from '../base/api'
import { useDocument } from '../stores/document'
import { useNotices } from '../stores/notices'
import { useProject } from '../stores/project'

/**
 * Sends the main process the project that is open, for the window’s title and menu, and so that it locks the
 * project’s file.
 */
export async function showProject(): Promise<void> {
  const { path, name, dirty } = useProject()
  const { keepPictures } = useDocument().value
  await request('project.show', { path, name, dirty, keepPictures }).catch((thrown: unknown) =>
    useNotices().fail('The window’s title couldn’t be updated', thrown),
  )
}
