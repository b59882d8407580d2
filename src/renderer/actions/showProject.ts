import { request } from '../base/api'
import { useDocument } from '../stores/document'
import { useNotices } from '../stores/notices'
import { useProject } from '../stores/project'

/** Tells the main process which project is open: for the window’s title and menu, and to hold its file. */
export async function showProject(): Promise<void> {
  const { path, name, dirty } = useProject()
  const { keepPictures } = useDocument().value
  await request('project.show', { path, name, dirty, keepPictures }).catch((thrown: unknown) =>
    useNotices().fail('The window’s title couldn’t be updated', thrown),
  )
}
