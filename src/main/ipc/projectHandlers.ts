import { StudioError, unwrap } from '#shared/errors'
import type { ProjectShown } from '#shared/app'
import type { OpenProject } from '../OpenProject'
import type { RecentFiles } from '../recentFiles'
import type { WriteGrants } from '../WriteGrants'
import type { Engine, HandlersOf } from './handlers'

export interface ProjectHandlerParts {
  readonly engine: Engine
  readonly version: string
  readonly grants: WriteGrants
  readonly recent: RecentFiles
  readonly open: OpenProject
  /** Where pictures that only a project holds are unpacked to. */
  readonly picturesFolder: string
  /** Folders of recently opened pictures, and of those bundled with the program. */
  knownFolders(): readonly string[]
  /** Shows the project in title and menu. */
  show(shown: ProjectShown): void
}

export function projectHandlers(parts: ProjectHandlerParts): HandlersOf<'project'> {
  const { engine, grants, recent, open } = parts
  return {
    async 'project.open'({ path }, { signal }) {
      const input = { path, unpackTo: parts.picturesFolder }
      const opened = unwrap(await engine.request('project.read', input, { signal }))
      const heldBy = await open.hold(path)
      // The user may save over a project that they opened, but not over one that somebody else holds open.
      if (heldBy === null) grants.grant(path)
      recent.add([path])
      return { ...opened, heldBy }
    },

    async 'project.openExport'({ path }, { signal }) {
      const others = [...new Set(parts.knownFolders())]
      return unwrap(await engine.request('project.ofExport', { path, others }, { signal }))
    },

    async 'project.save'(request, { signal }) {
      grants.require(request.path)
      if (!request.collect) await requireFree(open, request.path)
      const input = { ...request, app: parts.version }
      const saved = unwrap(await engine.request('project.write', input, { signal }))
      recent.add([request.path])
      return saved
    },

    async 'project.show'(shown) {
      if (shown.path === null) await open.release()
      open.show(shown)
      parts.show(shown)
      return null
    },
  }
}

async function requireFree(open: OpenProject, path: string): Promise<void> {
  const heldBy = await open.hold(path)
  if (heldBy === null) return
  throw new StudioError(
    'UNWRITABLE',
    `Cannot save "${path}": ${heldBy} has it open. Close it there, or save under another name.`,
    { path },
  )
}
