import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ZipFile } from 'yazl'
import { installProvider, type ProviderArchive } from '../../../src/download/installProvider'

const contents: Record<string, string> = {
  'onnxruntime/capi/libonnxruntime_providers_shared.so': 'shared',
  'onnxruntime/capi/libonnxruntime_providers_cuda.so': 'cuda',
  'onnxruntime/capi/libonnxruntime_providers_tensorrt.so': 'tensorrt',
  'onnxruntime/LICENSE': 'MIT',
  'onnxruntime/ThirdPartyNotices.txt': 'others',
}

let folder: string
let server: Server
let wheel: Buffer
let archive: ProviderArchive

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'provider-'))
  mkdirSync(join(folder, 'libraries'))
  writeFileSync(join(folder, 'libraries/libonnxruntime.so.1'), 'runtime')
  const zip = new ZipFile()
  for (const [name, text] of Object.entries(contents)) zip.addBuffer(Buffer.from(text), name)
  zip.end()
  wheel = await buffer(zip.outputStream)
  server = createServer((_request, response) => response.end(wheel)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  archive = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    path: '/onnxruntime.whl',
    size: wheel.length,
    sha256: createHash('sha256').update(wheel).digest('hex'),
  }
})
afterEach(() => server.close())

const target = () => join(folder, 'data/runtime/onnxruntime-1.29.0')
const request = (version = '1.29.0') => ({ folder: target(), libraries: join(folder, 'libraries'), version })

it('installs the provider and its licences beside a copy of the runtime, and nothing else', async () => {
  const phases: string[] = []
  const report = await installProvider(request(), ({ phase }) => phases.push(phase), archive)
  expect(readdirSync(target()).sort()).toEqual([
    'LICENSE',
    'ThirdPartyNotices.txt',
    'libonnxruntime.so.1',
    'libonnxruntime_providers_cuda.so',
    'libonnxruntime_providers_shared.so',
  ])
  expect(readFileSync(join(target(), 'libonnxruntime_providers_cuda.so'), 'utf8')).toBe('cuda')
  const sha256 = createHash('sha256').update('cuda').digest('hex')
  expect(report.files).toContainEqual({ name: 'libonnxruntime_providers_cuda.so', sha256 })
  expect(phases).toContain('download')
  expect(readdirSync(join(folder, 'data/runtime'))).toEqual(['onnxruntime-1.29.0'])
})

it('refuses a second set-up while one is running (would catch half-unpacked files under the final name)', async () => {
  const answer = (response: ServerResponse): unknown => response.end(wheel)
  server.removeAllListeners('request')
  const asked = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>
  const first = installProvider(request(), () => undefined, archive)
  const [, waiting] = await asked
  server.on('request', (_request, response) => answer(response))
  await expect(installProvider(request(), () => undefined, archive)).rejects.toMatchObject({
    code: 'UNWRITABLE',
    message: expect.stringContaining('Slerp Studio is writing there already') as string,
  })
  answer(waiting)
  await first
  expect(readFileSync(join(target(), 'libonnxruntime_providers_cuda.so'), 'utf8')).toBe('cuda')
  expect(readdirSync(join(folder, 'data/runtime'))).toEqual(['onnxruntime-1.29.0'])
})

it('replaces the files of an earlier set-up', async () => {
  mkdirSync(target(), { recursive: true })
  writeFileSync(join(target(), 'old.so'), '')
  await installProvider(request(), () => undefined, archive)
  expect(existsSync(join(target(), 'old.so'))).toBe(false)
})

it('installs nothing if the hash differs (would catch a file changed after its review)', async () => {
  const forged = { ...archive, sha256: archive.sha256.replace(/^./, (first) => (first === '0' ? '1' : '0')) }
  await expect(installProvider(request(), () => undefined, forged)).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
  })
  expect(existsSync(target())).toBe(false)
})

it('refuses a runtime of another release before downloading anything', async () => {
  let asked = 0
  server.on('request', () => asked++)
  await expect(installProvider(request('1.30.0'), () => undefined, archive)).rejects.toMatchObject({
    code: 'UNSUPPORTED',
  })
  expect(asked).toBe(0)
})
