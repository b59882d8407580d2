import { request } from '../base/api'
import { useNotices } from './notices'

/** Shows a file or folder in the system’s file manager. */
export function reveal(path: string): void {
  request('shell.reveal', { path }).catch((thrown: unknown) =>
    useNotices().fail('The folder couldn’t be opened', thrown),
  )
}
