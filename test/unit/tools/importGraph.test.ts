import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { resolveImport, roomOf } from '../../../tools/lint/importRule.mjs'
import { networkModules, rooms } from '../../../tools/lint/rooms.mjs'

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((path) => path.split(sep).join('/'))
  .filter((path) => /\.(ts|vue)$/.test(path))

/** What a file below `src/` imports, by any kind of import. */
function importsOf(path: string): ReturnType<typeof resolveImport>[] {
  const text = readFileSync(join('src', path), 'utf8')
  const script = path.endsWith('.vue')
    ? [...text.matchAll(/<script[^>]*>(.*?)<\/script>/gs)].join('\n')
    : text
  return ts
    .preProcessFile(script, true, true)
    .importedFiles.map(({ fileName }) => resolveImport(fileName, path))
}

const imports = new Map(files.map((path) => [path, importsOf(path)]))

/** The files below `src/` that each of them imports. */
const graph = new Map(
  [...imports].map(([path, targets]) => [
    path,
    targets.filter(({ kind }) => kind === 'source').map((target) => String(target.path)),
  ]),
)

/** The cycles of a graph, each as its path. */
function circlesOf(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const circles: string[] = []
  const done = new Set<string>()
  const way: string[] = []
  const visit = (node: string): void => {
    if (way.includes(node)) return void circles.push([...way.slice(way.indexOf(node)), node].join(' -> '))
    if (done.has(node)) return
    way.push(node)
    for (const next of edges.get(node) ?? []) visit(next)
    way.pop()
    done.add(node)
  }
  for (const node of edges.keys()) visit(node)
  return circles
}

describe('the import graph', () => {
  it('is read completely (would catch a reader that finds no imports and therefore no cycle)', () => {
    expect(files.length).toBeGreaterThan(400)
    const targets = [...graph.values()].flat()
    expect(targets.length).toBeGreaterThan(1500)
    const missing = targets.filter((path) => !files.includes(path) && !/\.(css|json)$/.test(path))
    expect(missing).toEqual([])
    expect(
      circlesOf(
        new Map([
          ['a', ['b']],
          ['b', ['c']],
          ['c', ['b']],
        ]),
      ),
    ).toEqual(['b -> c -> b'])
  })

  it('has no cycle of files, including type imports', () => {
    expect(circlesOf(graph)).toEqual([])
  })

  it('has no cycle of rooms', () => {
    const between = new Map<string, string[]>(Object.keys(rooms).map((room) => [room, []]))
    for (const [path, targets] of graph) {
      const from = roomOf(path)!
      between.get(from)!.push(...targets.map((target) => roomOf(target)!).filter((to) => to !== from))
    }
    expect(circlesOf(between)).toEqual([])
  })

  it('has all that the rooms are allowed (would catch a permission that nothing needs any more)', () => {
    const isIn = (place: string, path: string) => path === place || path.startsWith(`${place}/`)
    const unused = Object.entries(rooms).flatMap(([name, room]) => {
      const own = [...imports].filter(([path]) => roomOf(path) === name).flatMap(([, targets]) => targets)
      const has = (kind: string, matches: (target: (typeof own)[number]) => boolean) =>
        own.some((target) => target.kind === kind && matches(target))
      return [
        ...(room.rooms ?? []).filter((place) => !has('source', ({ path }) => isIn(place, String(path)))),
        ...(room.libraries ?? []).filter((library) => !has('library', (target) => target.name === library)),
        ...(room.node && !has('node', () => true) ? ['node'] : []),
        ...(room.network && !has('node', (target) => networkModules.includes(String(target.name)))
          ? ['network']
          : []),
      ].map((what) => `${name}: ${what}`)
    })
    expect(unused).toEqual([])
  })

  it('has every file in a room, and no single-file room except entry files and two at the ground of the core', () => {
    expect(files.filter((path) => roomOf(path) === undefined)).toEqual([])
    const loose = Object.keys(rooms).filter((room) => room.endsWith('.ts'))
    expect(loose.sort()).toEqual([
      'core/DomainError.ts',
      'core/format/quantities.ts',
      'engine/handlers.ts',
      'engine/process.ts',
      'engine/serve.ts',
      'main/commandLine.ts',
      'main/installed.ts',
    ])
  })
})
