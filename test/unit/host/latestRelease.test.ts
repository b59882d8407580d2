import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { isLater } from '#host/latestRelease'
import { fetchLatestRelease } from '../../../src/download/latestRelease'

let server: Server | null = null
afterEach(() => {
  vi.unstubAllEnvs()
  server?.close()
})

/** A registry that answers every request alike, and the requests it received. */
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
])('%s is later than %s: %s (would catch versions compared as text)', (version, other, expected) => {
  expect(isLater(version, other)).toBe(expected)
})

it('asks for the newest version without revealing anything about this computer', async () => {
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
])('reports that the newest release is unknown after %s', async (_, status, body) => {
  const { endpoint } = await registry(status, body)
  await expect(fetchLatestRelease(endpoint)).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
    message: expect.stringContaining('did not tell which release is the newest') as string,
  })
})

it('returns no release if nothing is published under the name (would catch an error shown to everybody before the first release)', async () => {
  const { endpoint } = await registry(404, '{"error":"Not found"}')
  expect(await fetchLatestRelease(endpoint)).toBeNull()
})

it.each([
  [true, 'trusts'],
  [false, 'does not trust'],
])('with SSL_CERT_FILE set (%s), %s a server with a company’s own certificate', async (isNamed) => {
  // openssl req -x509 -newkey ec -nodes -addext subjectAltName=IP:127.0.0.1; its key is not secret.
  const folder = join(import.meta.dirname, '../../fixtures/certificate')
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => readFileSync(join(folder, name)))
  server = createTlsServer({ key, cert }, (_, response) => response.end('{"version":"3.4.5"}')).listen(
    0,
    '127.0.0.1',
  ) as unknown as Server
  await once(server, 'listening')
  vi.stubEnv('SSL_CERT_FILE', isNamed ? join(folder, 'cert.pem') : '')
  const asked = fetchLatestRelease(`https://127.0.0.1:${(server.address() as AddressInfo).port}`)
  await (isNamed
    ? expect(asked).resolves.toBe('3.4.5')
    : expect(asked).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' }))
})
