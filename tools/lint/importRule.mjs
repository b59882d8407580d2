import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { homes, networkModules, rooms } from './rooms.mjs'

const source = fileURLToPath(new URL('../../src', import.meta.url))

const covers = (place, path) => path === place || path.startsWith(`${place}/`)

/** Returns the innermost room of a path below `src/`, or undefined if it is in none. */
export const roomOf = (path) =>
  Object.keys(rooms)
    .filter((room) => covers(room, path))
    .sort((a, b) => b.length - a.length)[0]

/** Resolves an import: to a path below `src/`, a library, or a Node module. */
export function resolveImport(specifier, importer) {
  if (specifier.startsWith('node:')) return { kind: 'node', name: specifier.slice(5).split('/')[0] }
  const [bare] = specifier.split('?')
  const alias = /^#(.+)$/.exec(bare)
  if (alias) return { kind: 'source', path: withEnding(alias[1]) }
  if (!bare.startsWith('.')) {
    const parts = bare.split('/')
    return { kind: 'library', name: parts.slice(0, bare.startsWith('@') ? 2 : 1).join('/') }
  }
  return { kind: 'source', path: withEnding(join(dirname(importer), bare).split(sep).join('/')) }
}

const withEnding = (path) => (/\.\w+$/.test(path) ? path : `${path}.ts`)

/** Says why `importer` may not import this, or returns null if it may. Paths are relative to `src/`. */
export function refusalOf(importer, specifier) {
  const name = roomOf(importer)
  if (name === undefined) return `src/${importer} lies in no room: tools/lint/rooms.mjs lists them.`
  const room = rooms[name]
  const target = resolveImport(specifier, importer)
  if (target.kind === 'node') {
    if (!room.node) return `src/${name} imports none of Node's modules.`
    return networkModules.includes(target.name) && !room.network ? `src/${name} uses no network.` : null
  }
  if (target.kind === 'library') {
    if (!room.libraries?.includes(target.name))
      return `src/${name} may not import the library ${target.name}.`
    const home = homes[target.name]
    return home === undefined || home === importer ? null : `Only src/${home} imports ${target.name}.`
  }
  if (covers(name, target.path) || room.rooms?.some((place) => covers(place, target.path))) return null
  return `src/${name} may not import src/${target.path}: tools/lint/rooms.mjs says what it may.`
}

/** Allows each room only the imports that `rooms.mjs` lists, including types. */
export const importRule = {
  meta: { type: 'problem', docs: { description: 'what each room may import' }, schema: [] },
  create(context) {
    const importer = relative(source, resolve(context.filename)).split(sep).join('/')
    if (importer.startsWith('..')) return {}
    const check = (node) => {
      if (typeof node?.value !== 'string') return
      const message = refusalOf(importer, node.value)
      if (message !== null) context.report({ node, message })
    }
    return {
      Program(node) {
        if (roomOf(importer) === undefined)
          context.report({
            node,
            message: `src/${importer} lies in no room: tools/lint/rooms.mjs lists them.`,
          })
      },
      ImportDeclaration: ({ source: from }) => check(from),
      ExportNamedDeclaration: ({ source: from }) => check(from),
      ExportAllDeclaration: ({ source: from }) => check(from),
      ImportExpression: ({ source: from }) => check(from),
      TSImportType: ({ source: from }) => check(from),
    }
  },
}
