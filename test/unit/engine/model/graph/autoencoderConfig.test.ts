import { describe, expect, it } from 'vitest'
import type { StudioError } from '#shared/errors'
import { readAutoencoder } from '#engine/model/graph/autoencoder/autoencoders'

function refusalOf(config: Record<string, unknown>): StudioError {
  try {
    readAutoencoder(config, 'config.json')
  } catch (error) {
    return error as StudioError
  }
  throw new Error('The configuration was accepted.')
}

describe('the configuration of an autoencoder', () => {
  it('defaults to the scaling factor of Stable Diffusion 1 for an AutoencoderKL', () => {
    const { autoencoder } = readAutoencoder({ _class_name: 'AutoencoderKL', latent_channels: 2 }, 'c')
    expect(autoencoder.scale).toEqual({ shift: [0, 0], factor: [0.18215, 0.18215] })
    expect(autoencoder).toMatchObject({ pictureChannels: 3, factor: 1, needsFloat32: true })
  })

  it('defaults to a scaling factor of 1 for a VQModel, like CompVis/ldm-celebahq-256', () => {
    const { autoencoder } = readAutoencoder(
      {
        _class_name: 'VQModel',
        block_out_channels: [32, 32, 32],
        down_block_types: Array(3).fill('DownEncoderBlock2D'),
        up_block_types: Array(3).fill('UpDecoderBlock2D'),
      },
      'c',
    )
    expect(autoencoder).toMatchObject({ factor: 4, stateChannels: 3, scale: { factor: [1, 1, 1] } })
  })

  it('reports options that its class does not have', () => {
    expect(readAutoencoder({ _class_name: 'AutoencoderKL', twist: 1 }, 'c').unknown).toEqual(['twist'])
  })

  it.each([
    [{ _class_name: 'AsymmetricAutoencoderKL' }, 'AsymmetricAutoencoderKL'],
    [{ _class_name: 'VQModel', norm_type: 'spatial' }, 'spatial'],
    [{ _class_name: 'VQModel', lookup_from_codebook: true }, 'lookup_from_codebook'],
    [{ down_block_types: ['DownBlock2D'] }, 'DownBlock2D'],
    [{ act_fn: 'mish' }, 'mish'],
    [{ in_channels: 4, out_channels: 4 }, 'in_channels'],
    [{ _class_name: 'AutoencoderTiny', upsampling_scaling_factor: 4 }, 'upsampling_scaling_factor'],
  ])('is rejected with the name of an unsupported feature: %o', (config, named) => {
    const { code, message } = refusalOf(config)
    expect(code).toBe('UNSUPPORTED')
    expect(message).toContain(named)
  })

  it.each([
    [{ block_out_channels: [32, 32] }, 'equally long'],
    [{ block_out_channels: [20] }, '"norm_num_groups" 32'],
    [{ out_channels: 1 }, '"out_channels" 1'],
    [{ latents_mean: [0, 0], latents_std: [1, 1] }, '"latents_std"'],
    [{ latents_mean: [0, 0, 0, 0], latents_std: [1, 1, 0, 1] }, 'no deviation 0'],
    [{ scaling_factor: 0 }, '"scaling_factor"'],
    [{ _class_name: 'AutoencoderTiny', num_encoder_blocks: [1, 1] }, 'equally long'],
  ])('is rejected with the reason if options are invalid or contradictory: %o', (config, sentence) => {
    const { code, message } = refusalOf(config)
    expect(code).toBe('BAD_MODEL')
    expect(message).toContain(sentence)
  })
})
