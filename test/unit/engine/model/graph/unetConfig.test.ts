import { describe, expect, it } from 'vitest'
import type { StudioError } from '#shared/errors'
import { parseConditionUNetConfig } from '#engine/model/graph/conditionUnetConfig'
import { parseUNetConfig } from '#engine/model/graph/unetConfig'

function refusalOf(changes: Record<string, unknown>): StudioError {
  try {
    tinyConfig(changes)
  } catch (error) {
    return error as StudioError
  }
  throw new Error('The configuration was accepted.')
}

/** A configuration of two levels, 4 and 8 channels, at 8 x 8, with a test's changes. */
function tinyConfig(changes: Record<string, unknown> = {}) {
  const options = {
    sample_size: 8,
    block_out_channels: [4, 8],
    down_block_types: ['DownBlock2D', 'DownBlock2D'],
    up_block_types: ['UpBlock2D', 'UpBlock2D'],
    norm_num_groups: 2,
    ...changes,
  }
  return parseUNetConfig(options, 'config.json')
}

describe('parseUNetConfig', () => {
  it('applies downsample_type only to attention blocks, as diffusers does', () => {
    const { downBlocks } = tinyConfig({
      block_out_channels: [4, 8, 8],
      down_block_types: ['AttnDownBlock2D', 'DownBlock2D', 'DownBlock2D'],
      up_block_types: ['UpBlock2D', 'UpBlock2D', 'UpBlock2D'],
      attention_head_dim: null,
      downsample_type: 'resnet',
    })
    expect(downBlocks.map((block) => block.resampling)).toEqual(['resnet', 'conv', null])
  })

  it('omits the middle attention norm with scale_shift unless attn_norm_num_groups is set', () => {
    const shifted = { resnet_time_scale_shift: 'scale_shift' }
    expect(tinyConfig(shifted).midAttentionGroups).toBeNull()
    expect(tinyConfig({ ...shifted, attn_norm_num_groups: 4 }).midAttentionGroups).toBe(4)
  })

  it.each([
    ['down_block_types', ['DownBlock2D', 'SkipDownBlock2D'], 'SkipDownBlock2D'],
    ['up_block_types', ['CrossAttnUpBlock2D', 'UpBlock2D'], 'CrossAttnUpBlock2D'],
    ['mid_block_type', 'UnCLIPUNetMidBlock2D', 'UnCLIPUNetMidBlock2D'],
    ['time_embedding_type', 'fourier', 'fourier'],
    ['act_fn', 'mish', 'mish'],

    ['class_embed_type', 'timestep', 'timestep'],
    ['resnet_time_scale_shift', 'spatial', 'spatial'],
  ])('rejects an unsupported option and names the option and its value: %s', (option, value, named) => {
    const error = refusalOf({ [option]: value })
    expect(error.code).toBe('UNSUPPORTED')
    expect(error.message).toContain(`"${option}"`)
    expect(error.message).toContain(named)
  })

  it.each([
    ['layers that no memory holds', { layers_per_block: 1_000_000 }, 'layers_per_block'],
    ['a size that does not halve', { sample_size: 9 }, 'multiple of 2'],
    ['no size', { sample_size: null }, 'config.json lacks "sample_size": write'],
    ['a size left out', { sample_size: undefined }, 'config.json lacks "sample_size": write'],
    ['a size in words', { sample_size: 'x' }, '"sample_size" is wrong: neither a size nor'],
    [
      'a flag in words',
      { flip_sin_to_cos: 'x' },
      '; write the value there that the network was trained with',
    ],
    ['lists of different length', { up_block_types: ['UpBlock2D'] }, 'equally long'],
    ['an answer of another size', { out_channels: 5 }, 'out_channels'],
    ['groups that do not divide', { norm_num_groups: 3 }, 'norm_num_groups'],
    ['heads that do not divide', { attention_head_dim: 5 }, 'heads of 5'],
    ['a number where a list belongs', { block_out_channels: 4 }, 'block_out_channels'],
  ])('rejects %s and names the problem', (_, changes, part) => {
    const error = refusalOf(changes)
    expect(error.code).toBe('BAD_MODEL')
    expect(error.message).toContain(part)
  })
})

describe('parseConditionUNetConfig', () => {
  const options = {
    sample_size: 8,
    block_out_channels: [8, 16],
    down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D'],
    up_block_types: ['CrossAttnUpBlock2D', 'UpBlock2D'],
    norm_num_groups: 1,
    attention_head_dim: 1,
    cross_attention_dim: 8,
  }
  const added = { addition_embed_type: 'text_time', projection_class_embeddings_input_dim: 68 }

  it('accepts sides that halve, each its own', () => {
    expect(parseConditionUNetConfig({ ...options, sample_size: [8, 6] }, 'x')).toMatchObject({ width: 6 })
  })

  it.each([
    ['a size that does not halve', { sample_size: 9 }, 'multiple of 2'],
    ['a width that does not halve', { sample_size: [8, 9] }, 'multiple of 2'],
    ['no size', { sample_size: null }, 'config.json lacks "sample_size": write'],
    // diffusers asks for the length of None and fails.
    ['no heads', { attention_head_dim: null }, 'config.json lacks "attention_head_dim": write'],
    ['heads in words', { attention_head_dim: '8' }, 'neither a whole number nor a list of one for each'],
    [
      'uneven heads in a down block',
      { attention_head_dim: [1, 3] },
      '16 channels do not divide into 3 heads',
    ],
    [
      'uneven heads in an up block alone',
      { attention_head_dim: [3, 1], up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D'] },
      '8 channels do not divide into 3 heads',
    ],
    [
      'uneven heads in the middle alone',
      {
        attention_head_dim: [1, 3],
        down_block_types: ['DownBlock2D', 'DownBlock2D'],
        up_block_types: ['UpBlock2D', 'UpBlock2D'],
      },
      '16 channels do not divide into 3 heads',
    ],
    ['an odd number of sinusoids', { block_out_channels: [7, 16] }, '"block_out_channels" must be even'],
    ['an odd number a size', { ...added, addition_time_embed_dim: 7 }, '_dim" must be even'],
  ])('rejects %s and names the problem', (_, changes, part) => {
    expect(() => parseConditionUNetConfig({ ...options, ...changes }, 'config.json')).toThrow(
      expect.objectContaining({ code: 'BAD_MODEL', message: expect.stringContaining(part) as string }),
    )
  })

  it('accepts uneven heads where nothing attends, as in the pipelines that diffusers is tested with', () => {
    const config = parseConditionUNetConfig({ ...options, attention_head_dim: [3, 1] }, 'x')
    expect(config.downBlocks.map(({ withAttention }) => withAttention)).toEqual([false, true])
  })

  it('reads a depth of 0 for blocks without attention, as converted files of SDXL have it', () => {
    const config = parseConditionUNetConfig({ ...options, transformer_layers_per_block: [0, 2] }, 'x')
    expect(config.downBlocks.map(({ depth }) => depth)).toEqual([0, 2])
  })

  it('refuses SSD-1B as what it is, and not as broken (would catch "Invalid input")', () => {
    // Depths are lists where layers of one level differ.
    const ssd = {
      mid_block_type: 'UNetMidBlock2D',
      transformer_layers_per_block: [0, [2, 2], [4, 4]],
      reverse_transformer_layers_per_block: [[4, 4, 10], [2, 1, 1], 1],
    }
    expect(() => parseConditionUNetConfig({ ...options, ...ssd }, 'config.json')).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED',
        message: expect.stringMatching(/\[0,\[2,2\],\[4,4\]\].*SSD-1B.*not supported: choose/) as string,
      }),
    )
  })
})
