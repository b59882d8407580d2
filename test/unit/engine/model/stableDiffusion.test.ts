import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { chooseTimesteps } from '#core/diffusion/timestepSpacing'
import { inspectModel, readModelInfo } from '#engine/model/folders/modelInfo'
import { readNetworkConfig } from '#engine/model/folders/stableDiffusion'
import { ModelCopy } from '../../../fixtures/modelCopy'
import { writeOptimumFolder } from '../../../fixtures/optimumFolder'

/** Golden pipelines, by what diffusers would load them as. */
const stableDiffusion = '../text/sd1'
const stableDiffusionXl = '../text/sdxl'
const withoutText = '../latent/kl'

let copy: ModelCopy
afterEach(() => copy.remove())

/** Returns the side of a model's states and its warnings, with changes to the configuration of its network. */
async function readWith(name: string, changes: Record<string, unknown>) {
  copy = await ModelCopy.of(name)
  return readChanged(changes)
}

async function readChanged(changes: Record<string, unknown>) {
  await copy.changeJson('unet/config.json', changes)
  const { state, picture, warnings } = await readModelInfo(copy.folder)
  return { state, picture, warnings }
}

// StableDiffusionPipeline.__init__ of diffusers 0.42.1: `sample_size` is a number below 64, `_diffusers_version` below 0.9.0.
describe('the sample_size of an old Stable Diffusion file', () => {
  it.each([
    ['0.8.1', 32],
    ['0.8.0.dev0', 62],
    ['0.2.2', 16],
  ])('of diffusers %s, %d, is read as 64, and says so', async (version, size) => {
    const { state, picture, warnings } = await readWith(stableDiffusion, {
      _diffusers_version: version,
      sample_size: size,
    })
    expect(state).toEqual({ channels: 4, height: 64, width: 64 })
    // The autoencoder of this pipeline halves pictures once.
    expect(picture).toMatchObject({ height: 128, width: 128 })
    expect(warnings).toEqual([expect.stringMatching(new RegExp(`config\\.json.* ${size}.* read as 64`))])
  })

  it('is read as 64 for an exported graph that leaves its size open', async () => {
    copy = await ModelCopy.of(stableDiffusion)
    await copy.remove()
    await writeOptimumFolder('sd1', copy.folder)
    const { state, warnings } = await readChanged({ _diffusers_version: '0.6.0', sample_size: 32 })
    expect(state).toEqual({ channels: 4, height: 64, width: 64 })
    expect(warnings).toEqual([expect.stringContaining('read as 64')])
  })

  it('is read as it is for a network of pixels, which that pipeline does not load', async () => {
    copy = await ModelCopy.of(stableDiffusion)
    await copy.changeJson('unet/config.json', { _diffusers_version: '0.6.0', sample_size: 32 })
    const { json, warnings } = await readNetworkConfig(join(copy.folder, 'unet/config.json'), false)
    expect(json).toMatchObject({ sample_size: 32 })
    expect(warnings).toEqual([])
  })

  it.each([
    ['of a later version', stableDiffusion, { _diffusers_version: '0.10.2' }],
    ['of the version that wrote it rightly', stableDiffusion, { _diffusers_version: '0.9.0.dev0' }],
    ['of no version', stableDiffusion, { _diffusers_version: null }],
    ['that is a height and a width', stableDiffusion, { sample_size: [32, 32] }],
    ['of SDXL', stableDiffusionXl, {}],
    ['of a latent network without text', withoutText, {}],
  ])('%s is read as it is', async (_, name, changes) => {
    const { state, warnings } = await readWith(name, {
      _diffusers_version: '0.8.1',
      sample_size: 32,
      ...changes,
    })
    expect(state).toMatchObject({ height: 32, width: 32 })
    expect(warnings).toEqual([])
  })
})

describe('the range to which codes are clipped', () => {
  /** Returns it for a pipeline with some fields of its scheduler's file changed; null omits them. */
  async function rangeWith(name: string, scheduler: Record<string, unknown>) {
    copy = await ModelCopy.of(name)
    await copy.changeJson('scheduler/scheduler_config.json', scheduler)
    const { schedule, info } = await inspectModel({ path: copy.folder })
    return { clipRange: schedule.clipRange, canClip: info.canClip }
  }

  const none = { clipRange: Infinity, canClip: false }

  it.each(['PNDMScheduler', 'EulerDiscreteScheduler', 'UniPCMultistepScheduler'])(
    'does not exist with a %s, which never clips',
    async (_class_name) => {
      expect(await rangeWith(withoutText, { _class_name, clip_sample: null })).toEqual(none)
    },
  )

  it('does not exist in Stable Diffusion, whatever the file says', async () => {
    const ddim = { _class_name: 'DDIMScheduler', clip_sample: true }
    expect(await rangeWith(stableDiffusion, ddim)).toEqual(none)
  })

  // LDMPipeline and StableDiffusionXLPipeline of diffusers 0.42.1 use their scheduler as it is, and DDIMScheduler has
  // clip_sample=True by default.
  const files = [
    ['where the file omits it', null, { clipRange: 1, canClip: true }],
    ['where the file clips', true, { clipRange: 1, canClip: true }],
    ['where the file does not clip', false, none],
  ] as const
  describe.each([
    ['without text', withoutText],
    ['of SDXL', stableDiffusionXl],
  ])('is that of the scheduler %s', (_kind, name) => {
    it.each(files)('%s', async (_, clip_sample, expected) => {
      expect(await rangeWith(name, { _class_name: 'DDIMScheduler', clip_sample })).toEqual(expected)
    })
  })

  it('does not concern networks of pixels, which can always be clipped', async () => {
    expect(await rangeWith('one-layer', { clip_sample: false })).toEqual({ clipRange: null, canClip: true })
  })
})

// StableDiffusionPipeline.__init__ of diffusers 0.42.1 sets it to 1. StableDiffusionXLPipeline and LDMPipeline do not name it.
describe('steps_offset', () => {
  it.each([
    ['is 1 for Stable Diffusion, whose old files omit it', stableDiffusion, null, 1],
    ['is 1 for Stable Diffusion, although its file has 0', stableDiffusion, 0, 1],
    ['is that of the file for SDXL', stableDiffusionXl, 0, 0],
    ['is that of the file without text', withoutText, 0, 0],
    ['is that of the file for pixels', 'one-layer', 2, 2],
  ])('%s', async (_, name, steps_offset, expected) => {
    copy = await ModelCopy.of(name)
    await copy.changeJson('scheduler/scheduler_config.json', { steps_offset })
    const { schedule } = await inspectModel({ path: copy.folder })
    const [first] = chooseTimesteps(schedule, { solver: 'ddim', timestepSpacing: 'leading', steps: 10 })
    expect(first).toBe(expected)
  })
})
