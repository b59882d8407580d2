import type { Session } from 'electron'
import { join } from 'node:path'
import { listAppFiles, serveAppFile } from './appFiles'
import { appHost, appScheme, manualHost } from './confinement'

/** Serves the build: the window's files at `app://studio/`, the manual's at `app://manual/`. */
export async function serveApp(session: Session, built: string): Promise<void> {
  const lists = await Promise.all([
    listAppFiles(appHost, join(built, 'renderer')),
    listAppFiles(manualHost, join(built, 'manual')),
  ])
  const files = new Map(lists.flatMap((list) => [...list]))
  session.protocol.handle(appScheme, (request) => serveAppFile(files, request))
}
