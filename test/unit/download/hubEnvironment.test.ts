import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { fetchLatestRelease } from '../../../src/download/latestRelease'
import { get, openHub } from '../../../src/download/hubRequest'

beforeEach(() => {
  for (const name of [
    'http_proxy',
    'HTTP_PROXY',
    'https_proxy',
    'HTTPS_PROXY',
    'SSL_CERT_FILE',
    'NO_PROXY',
  ]) {
    vi.stubEnv(name, undefined)
  }
})
afterEach(() => vi.unstubAllEnvs())

/** Opens a hub, closes it again, and returns whether that worked. */
async function opens(): Promise<boolean> {
  const { dispatcher } = await openHub('https://hub.test', null, 1000)
  await dispatcher.close()
  return true
}

it.each(['127.0.0.1', 'localhost', 'http://127.0.0.1', 'name:secret@localhost'])(
  'goes through a proxy named as %s:port, like curl',
  async (host) => {
    const asked: (string | undefined)[] = []
    const proxy = createServer()
    proxy.on('connect', ({ url, headers }, socket) => {
      asked.push(url, headers['proxy-authorization'])
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    })
    await once(proxy.listen(0), 'listening')
    vi.stubEnv('HTTP_PROXY', `${host}:${(proxy.address() as AddressInfo).port}`)
    await expect(fetchLatestRelease('http://registry.test')).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
    })
    // "name:secret" in Base64, as RFC 7617 has it.
    const login = host.includes('@') ? 'Basic bmFtZTpzZWNyZXQ=' : undefined
    expect(asked).toEqual(['registry.test:80', login])
    proxy.close()
  },
)

it('names the proxy of HTTP_PROXY, through which https:// goes too without HTTPS_PROXY, if it refuses', async () => {
  const proxy = createServer()
  proxy.on('connect', (_, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'))
  await once(proxy.listen(0), 'listening')
  const { port } = proxy.address() as AddressInfo
  vi.stubEnv('HTTP_PROXY', `http://localhost:${port}`)
  const hub = await openHub('https://hub.test', null, 1000)
  const asked = { endpoint: hub.endpoint, repository: 'mia/apples', revision: 'main', withToken: false }
  await expect(get(hub, '/api/models/mia/apples', asked)).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
    message: expect.stringContaining(`The proxy localhost:${port} does not let hub.test through`) as string,
  })
  await hub.dispatcher.close()
  proxy.close()
})

it.each(['proxy:8080', 'https://proxy:8080', 'socks5://proxy:1080', ' http://proxy:8080 ', ''])(
  'accepts "%s" as HTTPS_PROXY',
  async (address) => {
    vi.stubEnv('HTTPS_PROXY', address)
    expect(await opens()).toBe(true)
  },
)

it.each([
  ['HTTPS_PROXY', 'socks5h://name:secret@proxy:1080', /^HTTPS_PROXY names .*socks5h:\/\/.*name one of/],
  ['https_proxy', 'ftp://proxy', /^https_proxy names .*ftp:\/\/.*unset it\.$/],
  ['http_proxy', 'http://', /^http_proxy is no address of a proxy: write it as http:\/\/host:port/],
  ['HTTP_PROXY', 'name:secret@proxy:port', /^HTTP_PROXY is no address/],
])(
  'refuses %s=%s in one sentence, which keeps its password to itself',
  async (variable, address, sentence) => {
    vi.stubEnv(variable, address)
    const asked = fetchLatestRelease('http://registry.test')
    await expect(asked).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringMatching(sentence) })
    await expect(asked).rejects.not.toThrow('secret')
  },
)

it('refuses a folder as SSL_CERT_FILE, and does without a file that is not there', async () => {
  vi.stubEnv('SSL_CERT_FILE', tmpdir())
  await expect(fetchLatestRelease('http://registry.test')).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: expect.stringMatching(/^SSL_CERT_FILE is ".*", which is a folder: name a file/) as string,
  })
  vi.stubEnv('SSL_CERT_FILE', join(tmpdir(), 'there-is-no-such-file.pem'))
  expect(await opens()).toBe(true)
})

it.skipIf(process.platform === 'win32')(
  'refuses a named pipe as SSL_CERT_FILE (would catch a download that waits for ever)',
  async () => {
    const pipe = join(mkdtempSync(join(tmpdir(), 'slerp-pipe-')), 'cert.pem')
    execFileSync('mkfifo', [pipe])
    vi.stubEnv('SSL_CERT_FILE', pipe)
    await expect(fetchLatestRelease('http://registry.test')).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/^SSL_CERT_FILE: .*a pipe/) as string,
    })
  },
)
