import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { engineRoutes } from '#shared/contract'
import { createEngineHandlers } from '#engine/handlers'
import { openPicture } from '#engine/image/decodePicture'
import { decodePng } from '#engine/image/decodePng'
import { fitPicture } from '#engine/image/fitPicture'
import { goldenRoot } from '../../fixtures/modelCopy'

const picture = { path: resolve('resources/samples/apple-red-yellow.webp') }
const context = {
  signal: new AbortController().signal,
  report: () => undefined,
  computesOn: () => undefined,
  evaluates: () => undefined,
}

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handlers-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('previews a picture in the shape of a non-square model (would catch a preview crop that differs from the model’s input)', async () => {
  const { input } = engineRoutes['picture.preview']
  const request = input.parse({ picture, width: 24, height: 16 })
  const shown = await decodePng(await createEngineHandlers()['picture.preview'](request, context))
  expect(shown).toEqual(fitPicture(await openPicture(picture.path), { mode: 'cover' }, 24, 16))
  expect([shown.width, shown.height]).toEqual([24, 16])
})

describe('latent.save', () => {
  /** Saves a picture's latent with a network whose evaluations are counted and all fail. */
  async function save(name: string, solver: 'ddim' | 'leapfrog') {
    let evaluations = 0
    const openGraph = async () => ({
      inputNames: [],
      async run() {
        evaluations++
        throw new Error('The network was asked.')
      },
      close: async () => undefined,
    })
    const handlers = createEngineHandlers({ openGraph })
    const rule = { solver, timestepSpacing: 'linear', steps: 2 } as const
    const request = engineRoutes['latent.save'].input.parse({
      model: { path: join(goldenRoot, 'one-layer'), threads: 1 },
      latent: { kind: 'picture', picture, encode: rule },
      decode: rule,
      path: join(folder, name),
    })
    const failure: unknown = await handlers['latent.save'](request, context).catch((error: unknown) => error)
    return { failure, evaluations }
  }

  it.each([
    ['a file that is there', 'taken.safetensors', 'ddim', 'EXISTS'],
    ['an unknown ending', 'a.latent', 'ddim', 'BAD_INPUT'],
    ['a leapfrog pair as .npy', 'a.npy', 'leapfrog', 'BAD_INPUT'],
    ['a folder that is not there', 'nowhere/a.npy', 'ddim', 'UNWRITABLE'],
  ] as const)(
    'rejects %s before the network is evaluated (would catch minutes of wasted encoding)',
    async (_, name, solver, code) => {
      await writeFile(join(folder, 'taken.safetensors'), '')
      const { failure, evaluations } = await save(name, solver)
      expect(failure).toMatchObject({ code })
      expect(evaluations).toBe(0)
      expect(await readdir(folder)).toEqual(['taken.safetensors'])
    },
  )

  it('evaluates the network when the target is writable (would catch a check that rejects every target)', async () => {
    const { failure, evaluations } = await save('a.npy', 'ddim')
    expect(failure).toMatchObject({ message: expect.stringContaining('The network was asked') })
    expect(evaluations).toBe(1)
    expect(await readdir(folder)).toEqual([])
  })
})

it('answers a cancel while the model is still being opened (would catch an engine killed as deaf with all its work)', async () => {
  const server = createServer()
  const asked = new Promise((connected) => server.once('connection', connected))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  const request = engineRoutes['model.pace'].input.parse({
    model: {
      path: join(goldenRoot, 'one-layer'),
      threads: 1,
      server: { url: `http://127.0.0.1:${port}` },
    },
    measure: false,
  })
  const controller = new AbortController()
  const { signal } = controller
  const answer = createEngineHandlers()['model.pace'](request, { ...context, signal })
  await asked
  controller.abort()
  const waited = setTimeout(1000, 'still waiting')
  expect(await Promise.race([answer.catch((error: Error) => error.name), waited])).toBe('AbortError')
  server.close()
})
