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
  /** Where pictures go that only a project holds. */
  readonly picturesFolder: string
  /** Folders of pictures that were opened lately, and of those that came with the program. */
  knownFolders(): readonly string[]
  /** Puts what is shown of the project into title and menu. */
  show(shown: ProjectShown): void
}

export function projectHandlers(parts: ProjectHandlerParts): HandlersOf<'project'> {
  const { engine, grants, recent, open } = parts
  return {
    async 'project.open'({ path }, { signal }) {
      const input = { path, unpackTo: parts.picturesFolder }
      const opened = unwrap(await engine.request('project.read', input, { signal }))
      const heldBy = await open.hold(path)
      // What was opened as a project may be saved over as one; a copy of somebody else's may not.
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
