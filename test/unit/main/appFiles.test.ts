import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listAppFiles, serveAppFile } from '../../../src/main/appFiles'

describe('appFiles', () => {
  let outside: string
  let folder: string

  beforeEach(async () => {
    outside = await mkdtemp(join(tmpdir(), 'app-files-'))
    folder = join(outside, 'renderer')
    await mkdir(join(folder, 'assets'), { recursive: true })
    await writeFile(join(folder, 'index.html'), '<h1>app</h1>')
    await writeFile(join(folder, 'assets', 'a.js'), 'export {}')
    await writeFile(join(outside, 'secret.txt'), 'secret')
  })
  afterEach(() => rm(outside, { recursive: true }))

  async function get(url: string, init?: RequestInit): Promise<Response> {
    return serveAppFile(await listAppFiles('studio', folder), new Request(url, init))
  }

  it('serves a file in a subfolder with the right content type, without which a module would not run', async () => {
    const response = await get('app://studio/assets/a.js')
    expect(response.status).toBe(200)
    expect(response.headers.get('Content-Type')).toBe('text/javascript; charset=utf-8')
    expect(await response.text()).toBe('export {}')
  })

  it.each([
    'app://studio/../secret.txt',
    'app://studio/%2e%2e/secret.txt',
    'app://studio/..%2fsecret.txt',
    'app://studio/assets/../../secret.txt',
    'app://studio/assets',
    'app://studio/',
    'app://elsewhere/index.html',
    'app://studio/constructor',
  ])('answers 404 to %s, which is not on the list', async (url) => {
    expect((await get(url)).status).toBe(404)
  })

  it('does not serve a file that was added after the start', async () => {
    const files = await listAppFiles('studio', folder)
    await writeFile(join(folder, 'late.js'), '')
    expect((await serveAppFile(files, new Request('app://studio/late.js'))).status).toBe(404)
  })

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'])('refuses the method %s', async (method) => {
    expect((await get('app://studio/index.html', { method })).status).toBe(405)
  })

  it('sends the content security policy with every response, even a 404: without it, a page could run any code', async () => {
    for (const url of ['app://studio/index.html', 'app://studio/missing']) {
      expect((await get(url)).headers.get('Content-Security-Policy')).toContain("default-src 'none'")
    }
  })
})
