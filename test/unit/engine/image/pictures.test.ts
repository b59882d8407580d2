import { copyFile, mkdtemp, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { engineRoutes } from '#shared/contract'
import { createRenderCache } from '#engine/animation/renderCache'
import { createEngineHandlers } from '#engine/handlers'
import { openPicture } from '#engine/image/decodePicture'
import { Pictures } from '#engine/image/Pictures'
import { createLatentCache } from '#engine/latent/latentCache'
import { goldenRoot } from '../../../fixtures/modelCopy'
import { quietContext } from '../../../fixtures/job'

const never = new AbortController().signal

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pictures-'))
  path = join(folder, 'apple.webp')
  await copyFile(resolve('resources/samples/apple-red-yellow.webp'), path)
})
afterEach(() => rm(folder, { recursive: true }))

/** Pictures that record each decoding of a file. */
function counted() {
  const decoded: string[] = []
  const pictures = new Pictures((file) => {
    decoded.push(file)
    return openPicture(file)
  })
  return { pictures, decoded }
}

describe('Pictures', () => {
  it('decodes a picture once from import to latent (would catch a new decode each time the crop moves)', async () => {
    const { pictures, decoded } = counted()
    const handlers = createEngineHandlers({ cache: createRenderCache(createLatentCache(pictures)) })
    await handlers['picture.info']({ path }, quietContext)
    for (const x of [0, 1, 2]) {
      const fit = { mode: 'crop', x, y: 0, width: 32, height: 32 } as const
      const preview = { picture: { path, fit }, width: 16, height: 16 }
      await handlers['picture.preview'](preview, quietContext)
    }
    const settings = { solver: 'ddim', nodes: 'linear', steps: 1 } as const
    const request = engineRoutes['latent.encode'].input.parse({
      model: { path: join(goldenRoot, 'one-layer'), threads: 1 },
      picture: { path },
      encode: settings,
      decode: settings,
    })
    await handlers['latent.encode'](request, quietContext)
    expect(decoded).toEqual([path])
  })

  it('caches no preview of a picture that is replaced while it is opened (would catch a thumbnail of another picture)', async () => {
    const other = resolve('resources/samples/apple-golden.webp')
    const pictures = new Pictures(async (file) => {
      await copyFile(other, file)
      return openPicture(file)
    })
    const preview = (of: Pictures, at: string) => {
      const handlers = createEngineHandlers({ cache: createRenderCache(createLatentCache(of)) })
      const picture = { path: at, fit: { mode: 'cover' } as const }
      return handlers['picture.preview']({ picture, width: 16, height: 16 }, quietContext)
    }
    await expect(preview(pictures, path)).rejects.toMatchObject({
      code: 'UNREADABLE',
      message: `"${path}" was changed while it was read: try again.`,
    })
    expect(await preview(pictures, path)).toEqual(await preview(new Pictures(), other))
  })

  it('returns the last known info without waiting, and rechecks the file for the next call', async () => {
    const { pictures } = counted()
    const before = await pictures.infoAsSeen(path, never)
    await copyFile(resolve('resources/samples/apple-golden.webp'), path)
    await utimes(path, 1, 1)
    expect(await pictures.infoAsSeen(path, never)).toEqual(before)
    await expect.poll(async () => (await pictures.infoAsSeen(path, never)).sha256).not.toBe(before.sha256)
    await rm(path)
    await expect.poll(() => pictures.infoAsSeen(path, never).catch(({ code }) => code)).toBe('NOT_FOUND')
  })

  it('decodes a picture again when its file has changed', async () => {
    const { pictures, decoded } = counted()
    await pictures.open(path, never)
    await copyFile(resolve('resources/samples/apple-golden.webp'), path)
    await utimes(path, 1, 1)
    const { info } = await pictures.open(path, never)
    expect(decoded).toHaveLength(2)
    expect(info.sha256).toBe((await openPicture(path)).info.sha256)
  })

  it('retries a picture that could not be decoded', async () => {
    let fails = true
    const pictures = new Pictures((file) => (fails ? Promise.reject(new Error('busy')) : openPicture(file)))
    await expect(pictures.open(path, never)).rejects.toThrow('busy')
    fails = false
    await expect(pictures.open(path, never)).resolves.toMatchObject({ info: { path } })
  })
})
