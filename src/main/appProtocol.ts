import { protocol, type Session } from 'electron'
import { listAppFiles, serveAppFile } from './appFiles'

/** Makes `app:` a standard, secure scheme, so that its pages have an origin. Must run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Serves the files below `folder` at `app://studio/`. */
export async function serveApp(session: Session, folder: string): Promise<void> {
  const files = await listAppFiles(folder)
  session.protocol.handle('app', (request) => serveAppFile(files, request))
}
