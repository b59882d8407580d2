import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { afterEach, expect, it } from 'vitest'
import { isLater } from '#host/latestRelease'
import { fetchLatestRelease } from '../../../src/download/latestRelease'

let server: Server | null = null
afterEach(() => server?.close())

/** A registry that answers everything alike, and what it was asked. */
async function registry(status: number, body: string) {
  const asked: { url?: string; headers: object }[] = []
  server = createServer(({ url, headers }, response) => {
    asked.push({ url, headers })
    response.writeHead(status).end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { asked, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

it.each([
  ['0.2.0', '0.1.9', true],
  ['0.10.0', '0.9.0', true],
  ['1.0.0', '0.99.99', true],
  ['0.2.0', '0.2.0', false],
  ['0.1.9', '0.2.0', false],
])('%s comes after %s: %s (would catch versions compared as text)', (version, other, expected) => {
  expect(isLater(version, other)).toBe(expected)
})

it('asks for the newest version, and tells nothing of this computer', async () => {
  const { asked, endpoint } = await registry(200, '{"name":"slerp-studio","version":"3.4.5"}')
  expect(await fetchLatestRelease(endpoint)).toBe('3.4.5')
  expect(asked).toHaveLength(1)
  expect(asked[0].url).toBe('/slerp-studio/latest')
  expect(Object.keys(asked[0].headers).sort()).toEqual([
    'accept-encoding',
    'connection',
    'host',
    'user-agent',
  ])
})

it.each([
  ['a version that is none', 200, '{"version":"<script>"}'],
  ['no JSON', 200, 'Welcome to the hotel'],
  ['a refusal', 403, '{}'],
  ['a registry that is busy', 503, '{}'],
])('says in a sentence that it does not know, for %s', async (_, status, body) => {
  const { endpoint } = await registry(status, body)
  await expect(fetchLatestRelease(endpoint)).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
    message: expect.stringContaining('did not tell which release is the newest') as string,
  })
})

it('knows no release where nothing is published under the name (would catch a failure told to everybody before the first one)', async () => {
  const { endpoint } = await registry(404, '{"error":"Not found"}')
  expect(await fetchLatestRelease(endpoint)).toBeNull()
})
