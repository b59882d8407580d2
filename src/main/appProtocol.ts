import type { Session } from 'electron'
import { listAppFiles, serveAppFile } from './appFiles'
import { appScheme } from './confinement'

/** Serves the files below `folder` at `app://studio/`. */
export async function serveApp(session: Session, folder: string): Promise<void> {
  const files = await listAppFiles(folder)
  session.protocol.handle(appScheme, (request) => serveAppFile(files, request))
}
