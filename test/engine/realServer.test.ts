import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createServer as createTlsServer } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LabReport } from '#shared/lab'
import { newFolder, runCli, startCli, tinyModel, type RunningCli } from '../fixtures/cli'
import { freePort, handOn, hasModule, RealServer, serverPython } from '../fixtures/realServer'

/* Tests the network on servers in real use, available from PyPI. SLERP_SERVER_PYTHON names a Python with
   `kserve onnxruntime`, `nvidia-pytriton onnxruntime`, or both; .ci/run makes one with the first. */
const servers = [
  { name: 'KServe’s own server', module: 'kserve', script: 'kserve_server.py' },
  { name: 'NVIDIA Triton', module: 'pytriton', script: 'triton.py' },
].map((server) => ({ ...server, isHere: hasModule(server.module) }))

if (!servers.some(({ isHere }) => isHere)) {
  const line = '='.repeat(80)
  const notice = `No real server is tested: "${serverPython}" has neither kserve nor nvidia-pytriton. Name one that has in SLERP_SERVER_PYTHON.`
  if (process.env['SLERP_REQUIRE_E2E'] === '1') throw new Error(notice)
  console.error(`\n${line}\n${notice}\n${line}\n`)
}

const pictures = ['apple-red-yellow', 'tomato-cherry-red'].map((name) =>
  resolve(`resources/samples/${name}.webp`),
)
let repository: string

beforeAll(async () => {
  const folder = newFolder()
  expect((await runCli(['export-onnx', tinyModel, '--to', 'repository'], folder)).code).toBe(0)
  repository = join(folder, 'repository')
})

/** Runs a command that has to succeed. */
async function run(args: readonly string[], folder: string): Promise<string> {
  const { code, stdout, stderr } = await runCli(args, folder)
  expect(code, stderr).toBe(0)
  return stdout
}

function framesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.png'))
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name)).toString('base64')]))
}

describe.each(servers.filter(({ isHere }) => isHere))('the network on $name', ({ script }) => {
  let server: RealServer
  let remote: string[]
  const local = ['-m', tinyModel, '--device', 'cpu', '--threads', '1']

  beforeAll(async () => {
    server = new RealServer(script, repository, await freePort())
    remote = ['-m', tinyModel, '--server', server.url, '--threads', '1']
    await server.start()
  })

  afterAll(() => server.kill())

  it('encodes a picture to the same bits as the CPU', async () => {
    const folder = newFolder()
    for (const [name, where] of [
      ['local.npy', local],
      ['remote.npy', remote],
    ] as const) {
      await run(['encode', pictures[0], ...where, '--steps', '20', '-o', name], folder)
    }
    expect(readFileSync(join(folder, 'remote.npy')).equals(readFileSync(join(folder, 'local.npy')))).toBe(
      true,
    )
  })

  it('gives the same measurements as the CPU in a Lab study', async () => {
    const folder = newFolder()
    const study = ['lab', ...pictures, '--solvers', 'ddim,2m', '--steps', '5,10', '--no-figures']
    const read = (name: string): LabReport => JSON.parse(readFileSync(join(folder, name, 'lab.json'), 'utf8'))
    await run([...study, ...local, '-o', 'local'], folder)
    await run([...study, ...remote, '-o', 'remote'], folder)
    const [here, there] = [read('local').cells, read('remote').cells]
    expect(there).toHaveLength(here.length)
    for (const [i, { mse, latentStd }] of there.entries()) {
      expect(Math.abs(mse - here[i].mse)).toBeLessThan(1e-6)
      expect(Math.abs(latentStd - here[i].latentStd)).toBeLessThan(1e-6)
    }
  })

  it('may be killed during a film: the work waits, reports it, and makes the same frames', async () => {
    const stderr = await filmThrough(remote, async (running) => {
      await server.kill()
      await running.says('the work waits')
      await server.start()
    })
    expect(stderr).toContain('answers again')
  })
})

const kserve = servers[0]
describe.runIf(kserve.isHere)('a network on a server', () => {
  let server: RealServer
  const on = (url: string, ...more: string[]) => ['-m', tinyModel, '--server', url, '--threads', '1', ...more]
  const encode = (where: readonly string[], name: string) => [
    'encode',
    pictures[0],
    ...where,
    '--steps',
    '10',
    '-o',
    name,
  ]

  beforeAll(async () => {
    server = new RealServer(kserve.script, repository, await freePort())
    await server.start()
  })

  afterAll(() => server.kill())

  it('can use float16 (would catch float16 bytes read as float32)', async () => {
    const folder = newFolder()
    await run(encode(on(server.url), 'whole.npy'), folder)
    await run(encode(on(server.url, '--server-model', 'unet_half'), 'half.npy'), folder)
    const [whole, half] = ['whole.npy', 'half.npy'].map((name) => readFileSync(join(folder, name)))
    const values = (file: Buffer) => new Float32Array(Uint8Array.from(file.subarray(-4 * 16 * 16 * 3)).buffer)
    const expected = values(whole)
    const gaps = values(half).map((value, i) => Math.abs(value - expected[i]))
    expect(Math.max(...gaps)).toBeGreaterThan(0)
    expect(Math.max(...gaps)).toBeLessThan(0.1)
  })

  it.each([
    ['unet_other', 'answers wrongly', 65],
    ['unet_short', 'answers [', 65],
    ['unet_none', 'unet_none', 69],
  ])('is refused as %s (would catch a film made with another network)', async (model, sentence, expected) => {
    const { code, stderr } = await runCli(
      encode(on(server.url, '--server-model', model), 'a.npy'),
      newFolder(),
    )
    expect(stderr).toContain(sentence)
    expect(code).toBe(expected)
  })

  it('is used over HTTPS with a private certificate authority, and refused without it', async () => {
    const folder = newFolder()
    const { key, cert, ca } = privateAuthority(folder)
    const front = createTlsServer({ key, cert }, (client) => handOn(client, server.port))
    await new Promise<void>((settle) => front.listen(0, '127.0.0.1', settle))
    const url = `https://127.0.0.1:${(front.address() as AddressInfo).port}`
    const refused = await runCli(encode(on(url), 'refused.npy'), folder)
    expect(refused.stderr).toContain('--server-ca')
    expect(refused.code).toBe(77)
    await run(encode(on(url, '--server-ca', ca), 'trusted.npy'), folder)
    await run(encode(on(server.url), 'plain.npy'), folder)
    expect(readFileSync(join(folder, 'trusted.npy')).equals(readFileSync(join(folder, 'plain.npy')))).toBe(
      true,
    )
    front.close()
  })

  it('makes the same film despite a stall, status 503 and ten seconds without a connection', async () => {
    const connections = new Set<Socket>()
    const network = createServer((client) => {
      connections.add(client)
      handOn(client, server.port)
    })
    const plugIn = (port: number) =>
      new Promise<void>((settle) => network.listen(port, '127.0.0.1', () => settle()))
    await plugIn(0)
    const { port } = network.address() as AddressInfo
    const stderr = await filmThrough(on(`http://127.0.0.1:${port}`), async (running) => {
      server.signal('SIGSTOP')
      await sleep(2000)
      server.signal('SIGCONT')
      await server.setReady(false)
      await running.says('status 503')
      await sleep(2000)
      await server.setReady(true)
      await running.says('answers again')
      network.close()
      for (const connection of connections) connection.destroy()
      await sleep(10_000)
      await plugIn(port)
    })
    expect(stderr, 'the network was gone before the film was whole').toContain('ECONNREFUSED')
    network.close()
  })
})

/** A private certificate authority, and a certificate issued by it for this machine. */
function privateAuthority(folder: string): { key: Buffer; cert: Buffer; ca: string } {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  openssl('req', '-x509', ...newKey, '-subj', '/CN=An authority', '-keyout', 'ca.key', '-out', 'ca.pem')
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-addext', 'subjectAltName=IP:127.0.0.1']
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-subj',
    '/CN=A server',
    ...signed,
    '-keyout',
    'key.pem',
    '-out',
    'cert.pem',
  )
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => readFileSync(join(folder, name)))
  return { key, cert, ca: join(folder, 'ca.pem') }
}

/** A film in progress. */
interface Filming {
  /** Waits until the command has written a sentence. */
  says(sentence: string): Promise<void>
}

/** The frames of an undisturbed film, by the server that the frames record. */
const undisturbed = new Map<string, Record<string, string>>()

/**
 * Makes a film and triggers an event once some of its frames exist. The frames must equal those of a film
 * that nothing disturbed.
 *
 * @returns what the command wrote to stderr
 */
async function filmThrough(
  where: readonly string[],
  happens: (running: Filming) => Promise<void>,
): Promise<string> {
  const folder = newFolder()
  const film = ['morph', ...pictures, ...where, '--frames', '24', '--batch', '2', '--steps', '30']
  /** With a separate cache, so that no frame comes from an earlier film. */
  const start = (name: string): RunningCli =>
    startCli([...film, '-o', name], folder, { XDG_CACHE_HOME: newFolder() })
  const server = where.join(' ')
  if (!undisturbed.has(server)) {
    const { code, stderr } = await start('whole').result
    expect(code, stderr).toBe(0)
    undisturbed.set(server, framesOf(join(folder, 'whole')))
  }

  const running = start('film')
  let said = ''
  running.process.stderr?.on('data', (chunk) => (said += chunk))
  const partial = join(folder, 'film.partial')
  await expect
    .poll(() => existsSync(partial) && readdirSync(partial).length, { timeout: 60_000 })
    .toBeGreaterThan(4)
  await happens({ says: (sentence) => expect.poll(() => said, { timeout: 60_000 }).toContain(sentence) })
  const { code, stderr } = await running.result
  expect(code, stderr).toBe(0)
  expect(framesOf(join(folder, 'film'))).toEqual(undisturbed.get(server))
  return stderr
}
