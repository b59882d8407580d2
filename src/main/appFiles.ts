import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { contentSecurityPolicy } from './confinement'

const headers = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
}

const contentTypes: Partial<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

/** The complete list of the app's files: host and path as in the address -> path on disk. */
export type AppFiles = ReadonlyMap<string, string>

/** Lists every file below a host's folder, once: files that appear later are never served. */
export async function listAppFiles(host: string, folder: string): Promise<AppFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [`${host}/${relative(folder, path).split(sep).join('/')}`, path]),
  )
}

function refuse(status: number): Response {
  return new Response(null, { status, headers })
}

/**
 * Serves one of the app's files to a page. The URL's path is only looked up in the list and never becomes a
 * path on disk, so path traversal is impossible.
 */
export async function serveAppFile(files: AppFiles, request: Request): Promise<Response> {
  if (request.method !== 'GET') return refuse(405)
  const { host, pathname } = new URL(request.url)
  const path = files.get(host + pathname)
  if (path === undefined) return refuse(404)
  const contentType = contentTypes[extname(path)] ?? 'application/octet-stream'
  return new Response(await readFile(path), { headers: { ...headers, 'Content-Type': contentType } })
}
