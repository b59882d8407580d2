import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTensor } from '#core/diffusion/tensor'
import { readLatentFile } from '#engine/latent/latentFile'
import { encodeNpy } from '#engine/model/weights/npy'
import { encodeSafetensors } from '#engine/model/weights/safetensors'
import { sampleReport } from './sampleLatent'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bad-latents-'))
})
afterAll(() => rm(folder, { recursive: true }))

const zeros = (...shape: number[]) => createTensor(shape)
const withValue = (value: number) => createTensor([1, 1, 1, 2], Float32Array.from([0, value]))
const record = { ...sampleReport, companionTimestep: null }
const metadataOf = (latent: object, format = '1') => ({
  slerp_studio_format: format,
  slerp_studio_latent: JSON.stringify(latent),
})
const good = encodeSafetensors({ x_T: zeros(1, 1, 2, 2) }, metadataOf(record))

const cases: [name: string, bytes: Uint8Array | string, sentence: RegExp][] = [
  ['empty.safetensors', '', /is empty/],
  ['empty.npy', '', /is empty/],
  ['picture.npy', '\x89PNG\r\n\x1a\n and so on, and so on', /is a picture.*encode/],
  ['picture.webp', 'RIFF\x10\0\0\0WEBPVP8L and so on', /is a picture.*encode/],
  ['truncated.safetensors', good.subarray(0, good.length - 4), /not a whole safetensors file/],
  ['head.safetensors', good.subarray(0, 100), /not a whole safetensors file/],
  ['truncated.npy', encodeNpy(zeros(1, 1, 2, 2)).subarray(0, 130), /where its shape needs 16/],
  // A zip file without entries is its end record alone (APPNOTE 4.3.16).
  ['empty.npz', 'PK\x05\x06' + '\0'.repeat(18), /it is an empty archive/],
  ['nan.npy', encodeNpy(withValue(NaN)), /value 1 is NaN/],
  [
    'infinite.safetensors',
    encodeSafetensors({ x_T: withValue(Infinity) }, metadataOf(record)),
    /value 1 is Infinity/,
  ],
  ['matrix.npy', encodeNpy(zeros(4, 4)), /array of shape \[4, 4\]/],
  ['batch.npy', encodeNpy(zeros(2, 1, 4, 4)), /array of shape \[2, 1, 4, 4\]/],
  ['nothing.npy', encodeNpy(zeros(1, 0, 4, 4)), /array of shape \[1, 0, 4, 4\]/],
  [
    'weights.safetensors',
    encodeSafetensors({ weight: zeros(2) }),
    /holds an array of shape \[2\], and a latent has \[1, channels, height, width\]/,
  ],
  ['video.safetensors', encodeSafetensors({ latents: zeros(1, 4, 1, 2, 2) }), /of shape \[1, 4, 1, 2, 2\]/],
  [
    'parts.safetensors',
    encodeSafetensors({ sigmas: zeros(3), video: zeros(1, 4, 1, 2, 2) }),
    /holds 2 arrays \(sigmas \[3\], video \[1, 4, 1, 2, 2\]\), and a latent has the shape \[1, channels, height, width\]/,
  ],
  [
    'bytes.safetensors',
    encodeSafetensors({
      step: zeros(),
      latents: { dtype: 'U8', shape: [1, 4, 2, 2], data: new Uint8Array(16) },
    }),
    /holds uint8 values: save x\.float\(\) instead/,
  ],
  [
    'float8.safetensors',
    encodeSafetensors({ latents: { dtype: 'F8_E4M3', shape: [1, 4, 2, 2], data: new Uint8Array(16) } }),
    /holds float8_e4m3 values: save x\.float\(\) instead/,
  ],
  ['hollow.safetensors', encodeSafetensors({}), /holds no array, and a latent has the shape/],
  ['newer.safetensors', encodeSafetensors({ x_T: zeros(1) }, metadataOf(record, '3')), /format 3.*update/],
  ['nameless.safetensors', encodeSafetensors({ y: zeros(1) }, metadataOf(record)), /no tensor "x_T"/],
  [
    'half-a-pair.safetensors',
    encodeSafetensors({ x_T: zeros(1, 1, 2, 2) }, metadataOf({ ...record, companionTimestep: 9 })),
    /no tensor "x_T_companion"/,
  ],
  [
    'odd-pair.safetensors',
    encodeSafetensors(
      { x_T: zeros(1, 1, 2, 2), x_T_companion: zeros(1, 1, 1, 2) },
      metadataOf({ ...record, companionTimestep: 9 }),
    ),
    /differ in shape, so encode the picture again/,
  ],
  [
    'no-report.safetensors',
    encodeSafetensors({ x_T: zeros(1, 1, 2, 2) }, { slerp_studio_format: '1' }),
    /damaged header/,
  ],
  [
    'bad-report.safetensors',
    encodeSafetensors({ x_T: zeros(1, 1, 2, 2) }, metadataOf({ ...record, endTimestep: -1 })),
    /damaged header/,
  ],
]

describe('readLatentFile', () => {
  it('reads the floating-point state beside a mask of the same shape', async () => {
    const path = join(folder, 'masked.safetensors')
    const mask = { dtype: 'BOOL', shape: [1, 1, 1, 2], data: new Uint8Array(2) } as const
    await writeFile(path, encodeSafetensors({ latents: withValue(3), mask }))
    expect((await readLatentFile(path)).x).toEqual(withValue(3))
  })

  it.each(cases)(
    'rejects %s with a message that states the reason and the path',
    async (name, bytes, sentence) => {
      const path = join(folder, name)
      await writeFile(path, bytes, 'latin1')
      const attempt = readLatentFile(path)
      await expect(attempt).rejects.toMatchObject({
        code: 'BAD_LATENT',
        message: expect.stringMatching(sentence),
      })
      await expect(attempt).rejects.toThrow(path)
    },
  )

  it('rejects a valid file truncated at any length (would catch a read past the end of the file)', async () => {
    const path = join(folder, 'cut.safetensors')
    for (let length = 0; length < good.length; length += 7) {
      await writeFile(path, good.subarray(0, length))
      await expect(readLatentFile(path)).rejects.toMatchObject({ code: 'BAD_LATENT' })
    }
  })

  it('rejects a huge file without reading it (would catch a file that fills the memory)', async () => {
    const path = join(folder, 'huge.npy')
    await writeFile(path, encodeNpy(zeros(1, 1, 2, 2)))
    await truncate(path, 2 ** 31)
    await expect(readLatentFile(path)).rejects.toMatchObject({
      code: 'BAD_LATENT',
      message: expect.stringMatching(/too large for a latent: it has 2147483648 bytes/),
    })
  })

  it('reports a missing file and a folder with different error codes', async () => {
    await expect(readLatentFile(join(folder, 'missing'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(readLatentFile(folder)).rejects.toMatchObject({ code: 'UNREADABLE' })
  })
})
