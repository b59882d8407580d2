import { heldElsewhere, whileHolding } from '#files/fileHold'
import { unwrap } from '#shared/errors'
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
  /** The installation's folder of resources: see `project.read`. */
  readonly resources: string
  /** Folders of recently opened pictures, and of those bundled with the program. */
  knownFolders(): readonly string[]
  /** Shows the project in title and menu. */
  show(shown: ProjectShown): void
}

/** Opens and saves project files, and holds the open one so that no other program saves over it. */
export function projectHandlers(parts: ProjectHandlerParts): HandlersOf<'project'> {
  const { engine, grants, recent, open } = parts
  return {
    async 'project.open'({ path }, { signal }) {
      const knownFolders = [...new Set(parts.knownFolders())]
      const input = { path, unpackTo: parts.picturesFolder, knownFolders, resources: parts.resources }
      return open.hold(path, async (heldBy) => {
        const opened = unwrap(await engine.request('project.read', input, { signal }))
        // The user may save over a project that they opened, but not over one that somebody else holds open.
        if (heldBy === null) grants.grant(path)
        recent.add([path])
        return { ...opened, heldBy }
      })
    },

    async 'project.openExport'({ path }, { signal }) {
      const others = [...new Set(parts.knownFolders())]
      return unwrap(await engine.request('project.ofExport', { path, others }, { signal }))
    },

    async 'project.save'(request, { signal }) {
      const { path, collect } = request
      const write = async () => {
        const input = { ...request, app: parts.version }
        const saved = unwrap(await engine.request('project.write', input, { signal }))
        recent.add([path])
        return saved
      }
      // A collected copy does not become the window's project.
      if (collect) return whileHolding(path, write)
      return open.hold(path, (heldBy) => {
        if (heldBy !== null) throw heldElsewhere(path, heldBy)
        return write()
      })
    },

    async 'project.show'(shown) {
      open.show(shown)
      if (shown.path === null) await open.release()
      // A project whose hold went to another that the window then did not open, for example.
      else if (grants.has(shown.path)) await open.keep(shown.path)
      parts.show(shown)
      return null
    },
  }
}
