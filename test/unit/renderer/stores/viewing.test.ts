import { beforeEach, describe, expect, it } from 'vitest'
import { useModel } from '../../../../src/renderer/stores/model'
import { useViewing } from '../../../../src/renderer/stores/viewing'
import { installFakeStudio, modelInfo } from '../fakeStudio'

beforeEach(() => installFakeStudio({}))

describe('the default enlargement', () => {
  const picture = (side: number) => ({ channels: 3, width: side, height: side }) as const
  const autoencoder = { className: 'AutoencoderKL', config: '/m/vae', parameters: 1, scalingFactor: 1 }

  it.each([
    { model: 'small, of pixels', info: { ...modelInfo, picture: picture(64) }, shown: 'sharp' },
    { model: 'large, of pixels', info: { ...modelInfo, picture: picture(256) }, shown: 'smooth' },
    { model: 'small, with an autoencoder', info: { ...modelInfo, autoencoder }, shown: 'smooth' },
  ])('is $shown for a model that is $model', ({ info, shown }) => {
    useModel().info = info
    expect(useViewing().enlargement).toBe(shown)
  })

  it('is overridden by the user’s choice', () => {
    useModel().info = { ...modelInfo, picture: picture(64) }
    useViewing().enlargement = 'smooth'
    expect(useViewing().enlargement).toBe('smooth')
  })
})
