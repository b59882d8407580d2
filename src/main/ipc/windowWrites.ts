import type { RouteName, RouteRequest, Routes } from '#shared/contract'
import { StudioError } from '#shared/errors'
import type { WriteGrants } from '../WriteGrants'

/**
 * What a request of the window may write, apart from the app's own folders and the cache:
 *
 * - `nothing`, or only where its handler asks the user;
 * - the one path that the function returns, with all that belongs to it;
 * - `refused`: the route can write, but the window has no use for it and may not call it.
 */
type Writes<Name extends RouteName> = 'nothing' | 'refused' | ((input: RouteRequest<Routes[Name]>) => string)

/** Every route says what it writes: without a line here, a new one does not compile. */
export const windowWrites: { readonly [Name in RouteName]: Writes<Name> } = {
  'model.headers': 'nothing',
  'model.info': 'nothing',
  'model.check': 'nothing',
  'model.pace': 'nothing',
  'model.timesteps': 'nothing',
  'model.list': 'nothing',
  'model.export': 'refused',
  'picture.info': 'nothing',
  'picture.preview': 'nothing',
  'latent.encode': 'nothing',
  'latent.info': 'nothing',
  'latent.fileKind': 'nothing',
  'latent.save': ({ path }) => path,
  'latent.difference': 'nothing',
  'animation.frames': 'nothing',
  'animation.expect': 'nothing',
  'animation.timing': 'nothing',
  'animation.export': ({ target }) => target.path,
  'animation.discard': ({ path }) => path,
  'animation.provenance': 'nothing',
  'batch.run': 'refused',
  'batch.merge': 'refused',
  'distance.measure': 'refused',
  'lab.run': ({ folder }) => folder,
  'lab.open': 'nothing',
  'lab.discrete': 'nothing',
  // The app's own routes call these two with paths that they have checked.
  'project.read': 'refused',
  'project.write': 'refused',
  'project.ofExport': 'nothing',
  'project.verify': 'refused',
  'project.find': 'nothing',
  'cache.usage': 'nothing',
  'cache.change': 'nothing',

  'app.state': 'nothing',
  'app.setPreferences': 'nothing',
  'app.saveWork': 'nothing',
  'app.closeSaved': 'nothing',
  'project.open': 'nothing',
  'project.openExport': 'nothing',
  'project.save': ({ path }) => path,
  'project.show': 'nothing',
  'library.import': 'nothing',
  'library.paste': 'nothing',
  'models.list': 'nothing',
  'models.pull': 'nothing',
  'device.check': 'nothing',
  'device.setUpCuda': 'nothing',
  'dialog.openPictures': 'nothing',
  'dialog.openModel': 'nothing',
  'dialog.openCertificate': 'nothing',
  'dialog.saveExport': 'nothing',
  'dialog.saveChart': 'nothing',
  'dialog.saveStudy': 'nothing',
  'dialog.openStudy': 'nothing',
  'dialog.saveLatent': 'nothing',
  'dialog.saveLatents': 'nothing',
  'dialog.openProject': 'nothing',
  'dialog.saveProject': 'nothing',
  'dialog.locate': 'nothing',
  'dialog.unsaved': 'nothing',
  'shell.reveal': 'nothing',
  'shell.openLog': 'nothing',
  'shell.dragPicture': 'nothing',
  'shell.copyText': 'nothing',
  // Looks only where it may also write.
  'output.existing': ({ path }) => path,
  'output.open': ({ path }) => path,
  // These two name a file by the id that `output.open` returned.
  'output.write': 'nothing',
  'output.close': 'nothing',
  'help.about': 'nothing',
  'help.showManual': 'nothing',
  'help.showLogs': 'nothing',
  'help.diagnostics': 'nothing',
  'help.saveDiagnostics': 'nothing',
  'help.latestRelease': 'nothing',
  'work.report': 'nothing',
  'work.ended': 'nothing',
  'request.cancel': 'nothing',
}

/**
 * Refuses a request of the window that would write where the user has not led it.
 *
 * @param input  as the route's schema has parsed it
 * @throws StudioError UNWRITABLE for a path that is not granted, FORBIDDEN for a route that the window may not call
 */
export function requireMayWrite(name: RouteName, input: unknown, grants: WriteGrants): void {
  // The table pairs each route with its input; TypeScript cannot follow that through the union.
  const writes = windowWrites[name] as 'nothing' | 'refused' | ((input: unknown) => string)
  if (writes === 'nothing') return
  if (writes !== 'refused') return grants.require(writes(input))
  throw new StudioError('FORBIDDEN', `The window may not call "${name}", for which it has no use.`)
}
