import { resolve } from 'node:path'
import { expect, it, vi } from 'vitest'
import { defaultSettings } from '#shared/presets'
import { encodePicture } from '#engine/latent/encodePicture'
import { decodeEncoding, encodeEncoding } from '#engine/latent/keptTensors'
import { createLatentCache } from '#engine/latent/latentCache'
import { measureRoundTrip } from '#engine/latent/roundTrip'
import { jobOn } from '../../../fixtures/job'

const source = {
  picture: { path: resolve('resources/samples/apple-red.webp'), fit: { mode: 'cover' } },
  encode: { ...defaultSettings.encode, steps: 3 },
  restandardise: false,
} as const
const decode = { ...defaultSettings.decode, steps: 3 }

it('a picture that was just encoded is not encoded again to measure its autoencoder, and one read from disk gives the same', async () => {
  const job = await jobOn(resolve('test/golden/fixtures/latent/kl'))
  const { info, space } = job.model
  const encode = vi.spyOn(space, 'encode')
  const encoded = await encodePicture(createLatentCache(), job, source)
  const fresh = await measureRoundTrip(createLatentCache(), job, encoded, decode)
  expect(encode).toHaveBeenCalledOnce()
  const read = { ...encoded, ...decodeEncoding(Buffer.from(encodeEncoding(encoded)), info) }
  const again = await measureRoundTrip(createLatentCache(), job, read, decode)
  expect(again.fidelityParts).toEqual(fresh.fidelityParts)
  expect(fresh.fidelityParts?.autoencoder.mse).toBeGreaterThan(0)
})
