import { createHash } from 'node:crypto'
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RetryPolicy } from '../../../src/download/retry'
import { pullModel } from '../../../src/download/pullModel'
import type { Progress } from '#shared/progress'
import type { PullRequest } from '#shared/models'
import { createRandom } from '../../fixtures/random'
import { StandInHub, type HubRepository } from '../../fixtures/standInHub'

const commit = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678'
const id = 'google/ddpm-tiny'
const weightsName = 'unet/diffusion_pytorch_model.safetensors'
const random = createRandom(20)
const weights = Buffer.from(Array.from({ length: 300_000 }, () => Math.floor(random() * 256)))
const repository = (changes: Partial<HubRepository> = {}): HubRepository => ({
  commit,
  files: {
    '.gitattributes': Buffer.from('*.bin filter=lfs'),
    'README.md': Buffer.from('# A model'),
    'model_index.json': Buffer.from('{}'),
    'samples/large picture.png': Buffer.alloc(5000),
    'scheduler/scheduler_config.json': Buffer.from('{"_class_name": "DDPMScheduler"}'),
    'unet/config.json': Buffer.from('{"_class_name": "UNet2DModel"}'),
    'unet/diffusion_pytorch_model.bin': Buffer.alloc(290_000),
    [weightsName]: weights,
  },
  ...changes,
})
const wanted = [
  'README.md',
  'model_index.json',
  'scheduler/scheduler_config.json',
  'unet/config.json',
  weightsName,
]
const impatient: RetryPolicy = { stallMilliseconds: 300, firstWait: 1, longestWait: 2, attempts: 12 }

let folder: string
let cache: string
let hub: StandInHub

async function begin(repositories: Record<string, HubRepository> = { [id]: repository() }): Promise<void> {
  hub = await StandInHub.start(repositories)
  vi.stubEnv('HF_ENDPOINT', hub.endpoint)
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-'))
  cache = join(folder, 'hub')
  for (const name of Object.keys(process.env))
    if (/^(HF_|HUGGING|https?_proxy)/i.test(name)) vi.stubEnv(name, undefined)
  vi.stubEnv('HF_HUB_CACHE', cache)
  vi.stubEnv('HF_TOKEN_PATH', join(folder, 'token'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await hub?.close()
  await rm(folder, { recursive: true })
})

function pull(request: Partial<PullRequest> = {}, report: (progress: Progress) => void = () => undefined) {
  return pullModel({ model: id, ...request }, { report, retryPolicy: impatient, freeBytes: async () => 1e12 })
}

const repositoryFolder = () => join(cache, 'models--google--ddpm-tiny')
const hashOf = (content: Buffer) => createHash('sha256').update(content).digest('hex')

async function everyFile(below: string): Promise<string[]> {
  const entries = await readdir(below, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(below.length + 1))
    .sort()
}

/** Checks that no final name is taken: no reference, no snapshot, and every blob has the hash in its name. */
async function expectNothingHalfDone(): Promise<void> {
  expect(await everyFile(join(repositoryFolder(), 'refs'))).toEqual([])
  expect(await everyFile(join(repositoryFolder(), 'snapshots'))).toEqual([])
  for (const name of await everyFile(join(repositoryFolder(), 'blobs'))) {
    if (name.endsWith('.incomplete')) continue
    const content = await readFile(join(repositoryFolder(), 'blobs', name))
    const git = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')
    expect([git, hashOf(content)]).toContain(name)
  }
}

async function expectWeights(snapshot: string): Promise<void> {
  expect(hashOf(await readFile(join(snapshot, weightsName)))).toBe(hashOf(weights))
}

const answersOf = (path: string) => hub.served.filter((answer) => answer.path === path)

/** Bytes of the weights that the server sent. */
const bytesServed = () => answersOf(weightsName).reduce((sum, { sent }) => sum + sent, 0)

/** What a breaking connection may lose: bytes that were sent and never arrived. */
const inFlight = 64 * 1024

/** Checks that each response continued where the received bytes of the previous one ended. */
function expectNothingTwice(): void {
  const answers = answersOf(weightsName)
  for (const [i, { from }] of answers.slice(1).entries()) {
    const end = answers[i].from + answers[i].sent
    expect(from).toBeLessThanOrEqual(end)
    expect(end - from).toBeLessThanOrEqual(inFlight)
  }
}

describe('a download', () => {
  it('creates the layout of the Hugging Face cache, with only the files that the program needs', async () => {
    await begin()
    const report = await pull()
    const snapshot = join(repositoryFolder(), 'snapshots', commit)
    expect(report).toMatchObject({ repository: id, commit, path: snapshot, notices: [] })
    expect(await everyFile(snapshot)).toEqual([...wanted].sort())
    await expectWeights(snapshot)
    expect(await readlink(join(snapshot, weightsName))).toBe(`../../../blobs/${hashOf(weights)}`)
    expect(await readFile(join(repositoryFolder(), 'refs/main'), 'utf8')).toBe(commit)
    // The names that git and Git LFS give these contents: git hash-object, sha256sum.
    expect(await everyFile(join(repositoryFolder(), 'blobs'))).toContain(
      '9e26dfeeb6e641a33dae4961196235bdb965b21b',
    )
    expect(report.fetchedBytes).toBe(report.bytes)
    expect(await everyFile(join(cache, '.locks'))).toEqual([])
  })

  it('does not fetch existing files again, and fetches files of equal content once', async () => {
    const files = { ...repository().files, 'vae/config.json': repository().files['unet/config.json'] }
    await begin({ [id]: repository({ files }) })
    await pull()
    const before = hub.served.length
    expect((await pull()).fetchedBytes).toBe(0)
    expect(hub.served).toHaveLength(before)
    const equal = ['vae/config.json', 'unet/config.json']
    expect(hub.served.filter(({ path }) => equal.includes(path))).toHaveLength(1)
  })

  it('accepts a revision, also as part of an address, without creating a reference to main', async () => {
    await begin({ [id]: repository({ branches: { v2: 'b'.repeat(40) } }) })
    expect((await pull({ revision: 'v2' })).commit).toBe('b'.repeat(40))
    expect(await everyFile(join(repositoryFolder(), 'refs'))).toEqual(['v2'])
    const address = `${hub.endpoint}/${id}/tree/v2`
    expect(await pull({ model: address })).toMatchObject({ commit: 'b'.repeat(40), revision: 'v2' })
    expect((await pull()).revision).toBe('main')
    expect((await pull({ model: `huggingface.co/${id}` })).commit).toBe(commit)
    await pull({ revision: commit })
    expect(await everyFile(join(repositoryFolder(), 'refs'))).toEqual(['main', 'v2'])
  })

  it('makes hard links when symbolic links are disabled, so that the model is not stored twice', async () => {
    vi.stubEnv('HF_HUB_DISABLE_SYMLINKS', '1')
    await begin()
    const { path } = await pull()
    const placed = await lstat(join(path, weightsName))
    expect(placed.isFile()).toBe(true)
    expect(placed.ino).toBe((await stat(join(repositoryFolder(), 'blobs', hashOf(weights)))).ino)
  })

  it('reports its progress', async () => {
    await begin()
    hub.fault = (path) => (path === weightsName ? { slow: 20 } : {})
    const told: Progress[] = []
    const { bytes } = await pull({}, (progress) => told.push(progress))
    expect(told.every(({ phase, total }) => phase === 'download' && total === bytes)).toBe(true)
    const done = told.map((progress) => progress.done)
    expect(done).toEqual([...done].sort((a, b) => a - b))
    expect(done.at(-1)).toBe(bytes)
    expect(told.some(({ bytesPerSecond }) => (bytesPerSecond ?? 0) > 0)).toBe(true)
  })

  it('sends the token to the hub, but not to the server to which the hub redirects', async () => {
    await writeFile(join(folder, 'token'), 'hf_secret\n')
    await begin()
    await pull()
    const withToken = hub.requests.filter(({ token }) => token === 'Bearer hf_secret')
    expect(withToken.length).toBeGreaterThan(5)
    expect(hub.requests.filter(({ token }) => token === undefined).map(({ line }) => line)).toEqual([
      `cdn GET ${weightsName}`,
    ])
  })
})

describe('a broken connection', () => {
  it('loses no received bytes: after each of 40 cuts at random bytes, the download resumes where it stopped', async () => {
    await begin()
    let cuts = 0
    hub.fault = (path) =>
      path === weightsName && cuts++ < 40 ? { cutAfter: 1 + Math.floor(random() * 12_000) } : {}
    const { path, fetchedBytes, bytes } = await pull()
    await expectWeights(path)
    expect(fetchedBytes).toBe(bytes)
    expect(answersOf(weightsName)).toHaveLength(41)
    expectNothingTwice()
  })

  it('is also detected when no data arrives for a while', async () => {
    await begin()
    let stalls = 0
    hub.fault = (path) => (path === weightsName && stalls++ < 1 ? { stallAfter: 50_000 } : {})
    const { path } = await pull()
    await expectWeights(path)
    expectNothingTwice()
  })

  it('is retried while the server is busy', async () => {
    await begin()
    let busy = 0
    hub.fault = (path) => (path === weightsName && busy++ < 3 ? { status: 503 } : {})
    expect((await pull()).commit).toBe(commit)
  })

  it('ends a download that makes no progress, and the received data is kept for the next one', async () => {
    await begin()
    hub.fault = (path, from) =>
      path !== weightsName ? {} : from === 0 ? { cutAfter: 70_000 } : { status: 502 }
    await expect(pull()).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringMatching(/busy.*kept/) as string,
    })
    await expectNothingHalfDone()
    hub.fault = () => ({})
    await pull()
    expectNothingTwice()
  })

  it('does no harm with a server that ignores range requests', async () => {
    await begin()
    let cuts = 0
    hub.fault = (path) =>
      path === weightsName ? { ignoresRange: true, ...(cuts++ < 2 && { cutAfter: 100_000 * cuts }) } : {}
    const { path, fetchedBytes, bytes } = await pull()
    await expectWeights(path)
    expect(fetchedBytes).toBe(bytes)
  })
})

describe('the partial file of an earlier run', () => {
  const part = () => join(repositoryFolder(), 'blobs', `${hashOf(weights)}.incomplete`)

  async function leave(content: Buffer): Promise<void> {
    await mkdir(dirname(part()), { recursive: true })
    await writeFile(part(), content)
  }

  it.each([
    ['its beginning', weights.subarray(0, 123_456), weights.length - 123_456],
    ['all of it', weights, 0],
    ['something damaged', Buffer.alloc(1000), weights.length - 1000 + weights.length],
    ['something longer', Buffer.alloc(400_000), weights.length],
  ])('is resumed, or discarded if it is useless: %s', async (_, content, served) => {
    await begin()
    await leave(content)
    const { path } = await pull()
    await expectWeights(path)
    expect(bytesServed()).toBe(served)
    expect((await everyFile(repositoryFolder())).filter((name) => name.endsWith('.incomplete'))).toEqual([])
  })
})

describe('a file that arrives damaged or changed', () => {
  it('is rejected by its hash and deleted', async () => {
    await begin()
    hub.fault = (path) => (path === weightsName ? { wrongAt: 200_000 } : {})
    await expect(pull()).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringMatching(/did not arrive as .* announced.*Nothing of it was kept/) as string,
    })
    await expectNothingHalfDone()
    expect(await everyFile(join(repositoryFolder(), 'blobs'))).not.toContain(`${hashOf(weights)}.incomplete`)
  })

  it('is rejected even if it is small and has a hash of another kind', async () => {
    await begin()
    hub.fault = (path) => (path === 'unet/config.json' ? { wrongAt: 3 } : {})
    await expect(pull()).rejects.toThrow('"unet/config.json" did not arrive')
    await expectNothingHalfDone()
  })

  it('is rejected when the hub sends it with another hash than announced', async () => {
    await begin()
    hub.fault = (path) => (path === 'README.md' ? { headers: { 'x-linked-etag': '"1234"' } } : {})
    await expect(pull()).rejects.toThrow('sends another "README.md" than it announced')
  })
})

describe('pullModel', () => {
  const refusals: [string, Partial<HubRepository>, string, RegExp][] = [
    ['gated', { isGated: true, refusal: { status: 401, code: 'GatedRepo' } }, 'FORBIDDEN', /agree on .*HF_TOKEN/],
    ['private', { refusal: { status: 401, code: 'RepoNotFound' } }, 'NOT_FOUND', /has no model "google\/ddpm-tiny", or it is private/],
    ['a token that is none', { refusal: { status: 401, code: null, message: 'Invalid username or password.' } }, 'FORBIDDEN', /Invalid username or password/],
    ['disabled', { refusal: { status: 403, code: 'DisabledRepo' } }, 'FORBIDDEN', /disabled/],
    ['for no reason that is known', { refusal: { status: 418, code: null, message: 'No.' } }, 'DOWNLOAD_FAILED', /status 418: No\.\): look at http.*\/google\/ddpm-tiny, or try again later\.$/],
    ['no model of this kind', { files: { 'config.json': Buffer.from('{}'), 'pytorch_model.bin.txt': Buffer.from('') } }, 'UNSUPPORTED', /holds no U-Net/],
  ] // prettier-ignore

  it.each(refusals)('explains a refusal: %s', async (_, changes, code, sentence) => {
    await begin({ [id]: repository(changes) })
    await expect(pull()).rejects.toMatchObject({ code, message: expect.stringMatching(sentence) as string })
    await expectNothingHalfDone()
  })

  it('explains that the token’s account has not been given access yet', async () => {
    vi.stubEnv('HF_TOKEN', 'hf_x')
    await begin({ [id]: repository({ isGated: true, refusal: { status: 403, code: 'GatedRepo' } }) })
    await expect(pull()).rejects.toThrow('account of your token has not been given access')
  })

  it('explains that a revision does not exist', async () => {
    await begin()
    await expect(pull({ revision: 'v9' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('"v9"') as string,
    })
  })

  it('reports that a model has moved, and keeps it under the requested name', async () => {
    await begin({ [id]: repository({ movedTo: 'google/new-name' }), 'google/new-name': repository() })
    const { notices, path } = await pull()
    expect(notices).toEqual([expect.stringContaining('"google/new-name" now') as string])
    expect(path).toContain('models--google--ddpm-tiny')
  })

  it('explains that a login page, such as a hotel’s, is not a model hub', async () => {
    await begin()
    hub.api = () => ({ status: 200, body: '<html>Welcome! Please log in.</html>' })
    await expect(pull()).rejects.toThrow('is no model hub: the login page')
  })

  it.each([
    '../../etc/passwd',
    'a/b/c',
    'https://example.org/google/ddpm',
    'https://huggingface.co/datasets/a/b',
    'C:\\models',
    'a--b/c',
    '',
  ])('rejects %j as a model id without asking the hub', async (model) => {
    await begin()
    await expect(pull({ model })).rejects.toMatchObject({ code: 'BAD_INPUT' })
    expect(hub.requests).toEqual([])
  })

  it.each(['%', '..%2F..%2F..%2Fevil', 'a%00b', 'a%2F%2Fb'])(
    'rejects the revision %j in an address without asking the hub (would catch a file outside the cache)',
    async (revision) => {
      await begin()
      await expect(pull({ model: `https://huggingface.co/${id}/tree/${revision}` })).rejects.toMatchObject({
        code: 'BAD_INPUT',
      })
      expect(hub.requests).toEqual([])
    },
  )

  it('accepts a branch with a slash in an address', async () => {
    await begin({ [id]: repository({ branches: { 'refs/pr/1': 'b'.repeat(40) } }) })
    await pull({ model: `${hub.endpoint}/${id}/tree/refs%2Fpr%2F1` })
    expect(await everyFile(join(repositoryFolder(), 'refs'))).toEqual(['refs/pr/1'])
  })

  it('leaves out files whose names lead out of the snapshot', async () => {
    const files = {
      ...repository().files,
      'unet/../../../../evil.json': Buffer.from('{}'),
      'unet/a\\b.json': Buffer.of(1),
    }
    await begin({ [id]: repository({ files }) })
    const { path } = await pull()
    expect(await everyFile(path)).toEqual([...wanted].sort())
  })
})

describe('without a network', () => {
  it('reports that the hub cannot be reached, and sends no request if offline mode is set', async () => {
    await begin()
    // The message names the variable that decided (would catch advice to unset one that is not set).
    for (const name of ['HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE']) {
      vi.stubEnv(name, '1')
      await expect(pull()).rejects.toMatchObject({
        code: 'FORBIDDEN',
        message: expect.stringContaining(`${name} is set`) as string,
      })
      vi.stubEnv(name, '')
    }
    expect(hub.requests).toEqual([])
    await hub.close()
    await expect(pull()).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining('cannot be reached') as string,
    })
  })

  it('reports a proxy that wants a password, and names a proxy that cannot be reached', async () => {
    await begin()
    const proxy = createServer()
    proxy.on('connect', (_, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'))
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done))
    const address = `127.0.0.1:${(proxy.address() as AddressInfo).port}`
    vi.stubEnv('http_proxy', `http://name:secret@${address}`)
    await expect(pull()).rejects.toThrow('The proxy wants a name and a password')
    await new Promise((done) => proxy.close(done))
    await expect(pull()).rejects.toThrow(`cannot be reached through the proxy ${address}`)
  })
})

describe('too little disk space', () => {
  it('is reported before anything is fetched', async () => {
    await begin()
    const pulling = pullModel(
      { model: id },
      { report: () => undefined, retryPolicy: impatient, freeBytes: async () => 50_100_000 },
    )
    await expect(pulling).rejects.toMatchObject({
      code: 'UNWRITABLE',
      message: expect.stringMatching(/needs 300 kB more.*50 MB to spare.*50 MB free/) as string,
    })
    expect(hub.served).toEqual([])
    await expectNothingHalfDone()
  })

  it('is not reported if the rest of a partial download fits', async () => {
    await begin()
    await mkdir(join(repositoryFolder(), 'blobs'), { recursive: true })
    await writeFile(
      join(repositoryFolder(), 'blobs', `${hashOf(weights)}.incomplete`),
      weights.subarray(0, 290_000),
    )
    const context = { report: () => undefined, retryPolicy: impatient, freeBytes: async () => 50_100_000 }
    expect((await pullModel({ model: id }, context)).commit).toBe(commit)
  })
})
